import { isAscii } from 'node:buffer'
import { promisify } from 'node:util'
import { gunzip, gunzipSync, inflate, inflateRaw, inflateRawSync, inflateSync } from 'node:zlib'
import { TransferError } from '../errors.ts'
import type { Deviations } from '../report/deviation.ts'
import type { DecodeConfig } from './config.ts'

type Limits = Pick<DecodeConfig, 'inflatedLimitBytes' | 'inflatedRatioLimit'>

type Coding = 'gzip' | 'zlib' | 'raw-deflate'

/** Below this size a body is inflated at once: a thread pool's round trip costs more. */
const inlineBytes = 16 * 1024
/** What inflates to no more than this is no bomb, whatever its ratio. */
const ratioFreeBytes = 1024 * 1024

const inflaters = {
  gzip: { sync: gunzipSync, async: promisify(gunzip) },
  zlib: { sync: inflateSync, async: promisify(inflate) },
  'raw-deflate': { sync: inflateRawSync, async: promisify(inflateRaw) },
} as const

/**
 * Undoes the compression of a body (TR-181 BulkData.Profile.{i}.HTTP.Compression). The bytes
 * decide, the label is a hint: iopsys labels plain bodies gzip, compress or deflate, obuspa
 * labels gzip what its compression left plain. The limits hold while inflating: no more than
 * that is ever in memory.
 * @throws TransferError BDC_CODING_UNSUPPORTED, BDC_CODING_CORRUPT, BDC_INFLATED_TOO_LARGE
 */
export async function decodeContent(
  body: Buffer,
  label: string | undefined,
  limits: Limits,
  met: Deviations,
): Promise<Buffer> {
  if (body.length === 0 || (label === undefined && !looksCompressed(body))) return body
  const claimed = (label ?? '')
    .toLowerCase()
    .replace(/\s/g, '')
    .replace(/,?identity/g, '')

  if (hasGzipMagic(body)) {
    if (claimed === '') met.add('coding-unlabelled')
    else if (claimed !== 'gzip' && claimed !== 'x-gzip') met.add('coding-wrong')
    return undo(body, 'gzip', limits)
  }
  if (hasZlibMagic(body)) {
    // A plain body may begin with two letters that pass for it, such as XG.
    const certain = claimed === 'deflate' && !(isAscii(body.subarray(0, 2)) && looksPlain(body))
    const inflated = await attempt(body, 'zlib', limits, certain)
    if (inflated !== undefined) {
      if (claimed === '') met.add('coding-unlabelled')
      else if (claimed !== 'deflate') met.add('coding-wrong')
      return inflated
    }
  }
  if (claimed === 'deflate' && !startsLikeReport(body)) {
    const inflated = await attempt(body, 'raw-deflate', limits, !looksPlain(body))
    if (inflated !== undefined) {
      met.add('coding-raw-deflate')
      return inflated
    }
  }
  if (claimed === '') return body
  if (looksPlain(body)) {
    met.add('coding-plain')
    return body
  }
  if (claimed === 'gzip' || claimed === 'x-gzip')
    throw new TransferError('BDC_CODING_CORRUPT', 'labelled gzip, but neither gzip nor plain')
  throw new TransferError(
    'BDC_CODING_UNSUPPORTED',
    `content coding ${JSON.stringify(claimed.slice(0, 40))} is not supported; send gzip, deflate or plain`,
  )
}

const hasGzipMagic = (body: Buffer) => body[0] === 0x1f && body[1] === 0x8b

/** RFC 1950: method 8, a window of at most 32 KiB, no dictionary, and the check of the two bytes. */
function hasZlibMagic(body: Buffer): boolean {
  const method = body[0] ?? 0
  const flags = body[1] ?? 0
  return (
    (method & 0x0f) === 8 &&
    method >> 4 <= 7 &&
    (flags & 0x20) === 0 &&
    (method * 256 + flags) % 31 === 0
  )
}

const looksCompressed = (body: Buffer) => hasGzipMagic(body) || hasZlibMagic(body)

/**
 * The beginning of JSON, of a quoted header line, or a byte order mark. A brace alone is not
 * enough: raw deflate of a body with a byte order mark begins with its byte.
 */
const startsLikeReport = (body: Buffer) =>
  /^(?:\{\s*["}]|\[\s*[[{\]]|"|\xef\xbb\xbf)/.test(body.subarray(0, 64).toString('latin1'))

/** No control characters near the beginning but those that texts have. */
const looksPlain = (body: Buffer) =>
  !/[\0-\x08\x0e-\x1f]/.test(body.subarray(0, 64).toString('latin1'))

/** Inflates, or gives undefined where the bytes turn out not to be of that coding. */
async function attempt(
  body: Buffer,
  coding: Coding,
  limits: Limits,
  certain: boolean,
): Promise<Buffer | undefined> {
  try {
    return await undo(body, coding, limits)
  } catch (error) {
    const wrong = error instanceof TransferError && error.code === 'BDC_CODING_CORRUPT'
    if (wrong && !certain) return undefined
    throw error
  }
}

async function undo(body: Buffer, coding: Coding, limits: Limits): Promise<Buffer> {
  const maxOutputLength = Math.min(
    limits.inflatedLimitBytes,
    Math.max(ratioFreeBytes, body.length * limits.inflatedRatioLimit),
  )
  const { sync, async } = inflaters[coding]
  try {
    return body.length <= inlineBytes
      ? sync(body, { maxOutputLength })
      : await async(body, { maxOutputLength })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw code === 'ERR_BUFFER_TOO_LARGE'
      ? new TransferError(
          'BDC_INFLATED_TOO_LARGE',
          `the body inflates to more than ${maxOutputLength} bytes`,
          { cause: error },
        )
      : new TransferError('BDC_CODING_CORRUPT', `the ${coding} body is damaged: ${message}`, {
          cause: error,
        })
  }
}
