import { TransferError } from '../errors.ts'
import type { Upload } from '../report/transfer.ts'
import type { DecodeConfig } from './config.ts'
import { decodeContent } from './content-coding.ts'
import { type FormatHint, formatHint } from './format-hint.ts'
import { type Rows, parseCsv } from './csv.ts'
import { parseJson } from './json.ts'

/** A body decoded: its syntax is read, what it says of whom is not. */
export type RawReports =
  | { readonly encoding: 'json'; readonly document: unknown; readonly text: string }
  | { readonly encoding: 'csv'; readonly rows: Rows }
  | { readonly encoding: 'none' }

export interface Decoded {
  readonly raw: RawReports
  readonly hint: FormatHint
  /** Of the body after decompression. */
  readonly inflatedBytes: number
}

/**
 * Bytes → raw reports: content coding, then JSON or CSV as the body itself shows. The headers
 * are hints only, since agents send them wrong, quoted or not at all.
 * @throws TransferError for what cannot be read
 */
export async function decode(upload: Upload, config: DecodeConfig): Promise<Decoded> {
  const { 'content-encoding': coding } = upload.headers
  const body = await decodeContent(upload.body, Array.isArray(coding) ? coding[0] : coding, config)
  const hint = formatHint(upload.headers)
  return { raw: decodeText(body.toString('utf8'), hint), hint, inflatedBytes: body.length }
}

function decodeText(text: string, hint: FormatHint): RawReports {
  const first = /\S/.exec(text)?.[0]
  if (first === undefined) return { encoding: 'none' }
  if (first === '{' || first === '[') return { encoding: 'json', document: parseJson(text), text }
  if (hint.csv || knownHeaderCell.test(text)) return { encoding: 'csv', rows: parseCsv(text) }
  throw new TransferError(
    'BDC_FORMAT_UNKNOWN',
    'the body is not JSON, and neither its headers nor its first line say that it is CSV',
  )
}

/** On the first line of the body. */
const knownHeaderCell = /^\s*(?:[^\r\n]*,)?"?(?:ReportTimestamp|ParameterName)"?(?:,|\r|\n|$)/
