import { connect } from 'node:net'

/**
 * Writes bytes to a port and gives back all that is answered until the other side closes.
 * The socket stays open for writing: a half-open request stays half-open.
 */
export function rawRequest(port: number, ...chunks: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const answer: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => {
      for (const chunk of chunks) socket.write(chunk)
    })
    socket.on('data', (data) => answer.push(data))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      resolve(Buffer.concat(answer).toString('latin1'))
    })
  })
}
