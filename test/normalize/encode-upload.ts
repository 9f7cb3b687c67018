import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import type { Upload } from '../../src/report/transfer.ts'
import { buildUpload } from '../report/build-upload.ts'
import { type Dialect, isCsv } from './encode-report.ts'

export const codings = [
  'plain',
  'identity',
  'gzip',
  'gzip in members',
  'x-gzip',
  'deflate, zlib',
  'deflate, raw',
  'gzip without a label',
  'zlib without a label',
  'labelled gzip but plain',
  'labelled deflate but plain',
] as const
export type Coding = (typeof codings)[number]

export const charsets = ['UTF-8', 'UTF-8 with a byte order mark', 'ISO-8859-1'] as const
export type Charset = (typeof charsets)[number]

export const formatClaims = [
  'unquoted',
  'quoted',
  'other case',
  'doubled',
  'doubled in quotes',
  'absent',
  'wrong',
] as const
export type FormatClaim = (typeof formatClaims)[number]

/** How a text becomes a request. */
export interface Wrapping {
  readonly coding: Coding
  readonly charset: Charset
  readonly claim: FormatClaim
  /** The Content-Type as its standard form, or as agents spell it. */
  readonly spelling: 'standard' | 'quoted charset' | 'no charset'
}

export const target = '/collector?oui=00256D&pc=Z&sn=Y'

/** The upload that carries a text, and the header that names its format. */
export function encodeUpload(text: string, dialect: Dialect, wrapping: Wrapping): Upload {
  const charset = fittingCharset(text, wrapping.charset)
  const bytes = Buffer.from(
    charset === 'UTF-8 with a byte order mark' ? `\u{feff}${text}` : text,
    charset === 'ISO-8859-1' ? 'latin1' : 'utf8',
  )
  const { body, label } = compress(bytes, fittingCoding(text, dialect, wrapping.coding))
  return buildUpload({
    target,
    body,
    headers: {
      'content-type': contentType(dialect, charset, wrapping.spelling),
      'bbf-report-format': claimOf(dialect, wrapping.claim),
      'content-encoding': label,
    },
  })
}

/** ISO-8859-1 is read as Windows-1252, which has other signs at 80 to 9F. */
const fittingCharset = (text: string, wanted: Charset): Charset =>
  wanted === 'ISO-8859-1' && /[^\0-\x7f\xa0-\xff]/.test(text) ? 'UTF-8' : wanted

/** Under a wrong label a plain body is known by its beginning, which binary values would hide. */
const fittingCoding = (text: string, { time, format }: Dialect, wanted: Coding): Coding =>
  wanted.endsWith('but plain') &&
  (/[\0-\x08\x0e-\x1f]/.test(text.slice(0, 64)) ||
    (format === 'ParameterPerColumn' && time === 'absent'))
    ? 'plain'
    : wanted

function compress(bytes: Buffer, coding: Coding): { body: Buffer; label: string | undefined } {
  const half = Math.ceil(bytes.length / 2)
  switch (coding) {
    case 'plain':
      return { body: bytes, label: undefined }
    case 'identity':
      return { body: bytes, label: 'identity' }
    case 'gzip':
      return { body: gzipSync(bytes), label: 'gzip' }
    case 'gzip in members': {
      const members = [bytes.subarray(0, half), bytes.subarray(half)]
      return { body: Buffer.concat(members.map((member) => gzipSync(member))), label: 'gzip' }
    }
    case 'x-gzip':
      return { body: gzipSync(bytes), label: 'X-GZIP' }
    case 'deflate, zlib':
      return { body: deflateSync(bytes), label: 'deflate' }
    case 'deflate, raw':
      return { body: deflateRawSync(bytes), label: 'deflate' }
    case 'gzip without a label':
      return { body: gzipSync(bytes), label: undefined }
    case 'zlib without a label':
      return { body: deflateSync(bytes), label: undefined }
    case 'labelled gzip but plain':
      return { body: bytes, label: 'gzip' }
    case 'labelled deflate but plain':
      return { body: bytes, label: 'deflate' }
  }
}

function contentType(dialect: Dialect, charset: Charset, spelling: Wrapping['spelling']): string {
  const name = charset === 'ISO-8859-1' ? 'ISO-8859-1' : 'UTF-8'
  const type = isCsv(dialect) ? 'text/csv' : 'application/json'
  if (spelling === 'no charset' && name === 'UTF-8') return type
  const header = isCsv(dialect) ? '; header=present' : ''
  if (spelling === 'standard') return `${type}; charset=${name}${header}`
  return `${type}; charset="${name.toLowerCase()}"`
}

/** The format that an agent says, whatever it sends. */
export function claimedFormat({ format, time }: Dialect, claim: FormatClaim): string | undefined {
  if (claim === 'absent') return undefined
  if (claim !== 'wrong') return format
  // Untimed columns named as rows: nothing but this header could tell them from rows.
  if (format === 'ParameterPerColumn') return time === 'absent' ? format : 'ParameterPerRow'
  if (format === 'ParameterPerRow') return 'ParameterPerColumn'
  return format === 'ObjectHierarchy' ? 'NameValuePair' : 'ObjectHierarchy'
}

function claimOf(dialect: Dialect, claim: FormatClaim): string | undefined {
  const format = claimedFormat(dialect, claim)
  if (format === undefined) return undefined
  if (claim === 'quoted') return `"${format}"`
  if (claim === 'other case') return format.toUpperCase()
  if (claim === 'doubled') return `${format}, ${format}`
  return claim === 'doubled in quotes' ? `"${format}", "${format}"` : format
}
