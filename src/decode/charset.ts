import { isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import type { Deviations } from '../report/deviation.ts'

const utf8Names = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii'])

/**
 * A body as text: UTF-8 unless the Content-Type declares another charset that is known
 * (ISO-8859-1 is read as Windows-1252, as everywhere on the web). A byte order mark is taken
 * off, bytes that are not of the charset become U+FFFD.
 */
export function decodeCharset(body: Buffer, declared: string | undefined, met: Deviations): string {
  const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
  if (!marked && declared !== undefined && !utf8Names.has(declared)) {
    const decoder = decoderFor(declared)
    if (decoder !== undefined) {
      met.add('charset-not-utf8')
      return decoder.decode(body)
    }
    met.add('charset-unknown')
  }
  // What nearly every body is, and several times faster to read than UTF-8.
  if (isAscii(body)) return body.toString('latin1')
  if (marked) met.add('byte-order-mark')
  if (!isUtf8(body)) met.add('charset-invalid-bytes')
  return body.toString('utf8', marked ? 3 : 0)
}

function decoderFor(name: string): TextDecoder | undefined {
  try {
    return new TextDecoder(name)
  } catch {
    return undefined
  }
}
