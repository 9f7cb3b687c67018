import type { ConnectionError } from 'fastify'
import type { Socket } from 'node:net'
import type { Metrics } from '../telemetry/metrics.ts'

const statusLines: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/**
 * Requests that Node's parser refuses never reach a handler: without this count the device that
 * sends them would be invisible. iopsys, for one, sends raw spaces in its request target.
 */
export function clientErrorHandler(metrics: Metrics) {
  return (error: ConnectionError, socket: Socket): void => {
    // Node reports each further piece of a request that is refused already.
    if (socket.writableEnded) return
    metrics.clientErrors.inc({ code: labelOf(error.code) })
    if (socket.writable && error.code !== 'ECONNRESET') {
      const statusLine = statusLines[error.code] ?? '400 Bad Request'
      socket.write(`HTTP/1.1 ${statusLine}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    }
    socket.destroySoon()
  }
}

/** llhttp and Node have a few dozen codes; anything else would be a label without bounds. */
const labelOf = (code: string | undefined) =>
  code !== undefined && /^(?:HPE_|ERR_|E)[A-Z_]{1,40}$/.test(code) ? code : 'unknown'
