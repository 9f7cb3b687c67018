import { promisify } from 'node:util'
import { gunzip, gunzipSync } from 'node:zlib'
import { TransferError } from '../errors.ts'
import type { DecodeConfig } from './config.ts'

type Limits = Pick<DecodeConfig, 'inflatedLimitBytes' | 'inflatedRatioLimit'>

/** Below this size a body is inflated at once: a thread pool's round trip costs more. */
const inlineBytes = 16 * 1024
/** What inflates to no more than this is no bomb, whatever its ratio. */
const ratioFreeBytes = 1024 * 1024

const gunzipAsync = promisify(gunzip)

/**
 * Undoes the Content-Encoding of a body (TR-181 BulkData.Profile.{i}.HTTP.Compression).
 * The limits hold while inflating: no more than that is ever in memory.
 * @throws TransferError BDC_CODING_UNSUPPORTED, BDC_CODING_CORRUPT, BDC_INFLATED_TOO_LARGE
 */
export async function decodeContent(
  body: Buffer,
  contentEncoding: string | undefined,
  limits: Limits,
): Promise<Buffer> {
  const coding = (contentEncoding ?? '').trim().toLowerCase()
  if (coding === '' || coding === 'identity' || body.length === 0) return body
  if (coding !== 'gzip' && coding !== 'x-gzip')
    throw new TransferError(
      'BDC_CODING_UNSUPPORTED',
      `content coding ${JSON.stringify(coding.slice(0, 40))} is not supported, send gzip or plain`,
    )

  const maxOutputLength = Math.min(
    limits.inflatedLimitBytes,
    Math.max(ratioFreeBytes, body.length * limits.inflatedRatioLimit),
  )
  try {
    return body.length <= inlineBytes
      ? gunzipSync(body, { maxOutputLength })
      : await gunzipAsync(body, { maxOutputLength })
  } catch (error) {
    throw inflateError(error, maxOutputLength)
  }
}

function inflateError(error: unknown, limitBytes: number): TransferError {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_BUFFER_TOO_LARGE'
    ? new TransferError(
        'BDC_INFLATED_TOO_LARGE',
        `the body inflates to more than ${limitBytes} bytes`,
        { cause: error },
      )
    : new TransferError('BDC_CODING_CORRUPT', `the gzip body is damaged: ${message}`, {
        cause: error,
      })
}
