import { TransferError } from '../errors.ts'
import type { Deviations } from '../report/deviation.ts'
import type { Upload } from '../report/transfer.ts'
import { decodeCharset } from './charset.ts'
import { refuseAbundance } from './abundance.ts'
import type { DecodeConfig } from './config.ts'
import { decodeContent } from './content-coding.ts'
import { type Table, parseCsv } from './csv.ts'
import { type CsvDialect, looksLikeCsv } from './csv-dialect.ts'
import { type FormatHint, formatHint } from './format-hint.ts'
import { parseJson } from './json.ts'

/** A body decoded: its syntax is read, what it says of whom is not. */
export type RawReports =
  | { readonly encoding: 'json'; readonly document: unknown; readonly text: string }
  | { readonly encoding: 'csv'; readonly table: Table }
  | { readonly encoding: 'none' }

export interface Decoded {
  readonly raw: RawReports
  readonly hint: FormatHint
  /** Of the body after decompression. */
  readonly inflatedBytes: number
}

/**
 * Bytes → raw reports: content coding, charset, then JSON or CSV as the body itself shows. The
 * headers are hints only, since agents send them wrong, quoted or not at all.
 * @param dialect what the operator knows of the CSV that comes here
 * @throws TransferError for what cannot be read
 */
export async function decode(
  upload: Upload,
  dialect: CsvDialect,
  config: DecodeConfig,
  met: Deviations,
): Promise<Decoded> {
  const { headers } = upload
  const hint = formatHint(headers, met)
  const body = await decodeContent(upload.body, headers['content-encoding'], config, met)
  const text = decodeCharset(body, hint.charset, met)
  return { raw: decodeText(text, hint, dialect, config, met), hint, inflatedBytes: body.length }
}

function decodeText(
  text: string,
  hint: FormatHint,
  dialect: CsvDialect,
  limits: DecodeConfig,
  met: Deviations,
): RawReports {
  const first = firstVisible(text)
  if (first === undefined) return { encoding: 'none' }
  if (first === '{' || first === '[') {
    if (hint.mediaType === 'csv') met.add('content-type-wrong')
    refuseAbundance(text, jsonMarks, limits)
    return { encoding: 'json', ...parseJson(text, met) }
  }
  const claimed =
    hint.mediaType === 'csv' ||
    Object.keys(dialect).length > 0 ||
    hint.format === 'ParameterPerRow' ||
    hint.format === 'ParameterPerColumn'
  if (!claimed && !looksLikeCsv(text))
    throw new TransferError(
      'BDC_FORMAT_UNKNOWN',
      'the body is not JSON, and neither its headers nor its first line say that it is CSV',
    )
  if (hint.mediaType === 'json') met.add('content-type-wrong')
  const { fieldSeparator, rowSeparator } = dialect
  const configured = [fieldSeparator, rowSeparator].filter((mark) => mark !== undefined)
  refuseAbundance(text, configured.length === 0 ? csvMarks : [...csvMarks, ...configured], limits)
  return { encoding: 'csv', table: parseCsv(text, dialect, met) }
}

const jsonMarks = ['{', '[', ',']
const csvMarks = [',', ';', '\t', '|', '\n', '\r', '&#']

function firstVisible(text: string): string | undefined {
  const first = text.charAt(0)
  return first > ' ' && first <= '~' ? first : /[^\s\0]/.exec(text)?.[0]
}
