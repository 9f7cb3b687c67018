import { type CsvError, parse } from 'csv-parse/sync'
import { TransferError } from '../errors.ts'
import type { Deviations } from '../report/deviation.ts'
import { type CsvDialect, rowEntities, sniffFieldSeparator } from './csv-dialect.ts'
import { splitSingleLine } from './csv-single-line.ts'

export type Rows = readonly (readonly string[])[]

/** Rows of cells, empty lines left out, and what stood between the cells. */
export interface Table {
  readonly rows: Rows
  readonly fieldSeparator: string
  /** The first row as it stands in the body, where it has no quotes and commas between cells. */
  readonly headerLine?: string
}

/** Stands for an escape character of several characters, which csv-parse does not know. */
const escapeStandIn = '\u{f8ff}'

/**
 * Reads a CSV body into rows of cells (RFC 4180, R-BULK.11). What a profile does not say of its
 * dialect is sniffed. A body without any quote is split; csv-parse reads all others, and is what
 * the split is tested against.
 * @throws TransferError BDC_CSV_SYNTAX with the line
 */
export function parseCsv(body: string, dialect: CsvDialect, met: Deviations): Table {
  const text = withoutLeadingLineEnds(body)
  const fieldSeparator = dialect.fieldSeparator ?? sniffFieldSeparator(text)
  if (fieldSeparator !== ',') met.add('csv-field-separator')
  const { rowSeparator, escapeCharacter: quote = '"' } = dialect
  if (text.includes(quote)) {
    const read = (plain: string, character: string) =>
      parseQuotedCsv(plain, fieldSeparator, rowSeparator, character, met)
    if (quote.length === 1) return { rows: read(text, quote), fieldSeparator }
    const rows = read(text.replaceAll(quote, escapeStandIn), escapeStandIn)
    const restore = (cell: string) => cell.replaceAll(escapeStandIn, quote)
    return { rows: rows.map((cells) => cells.map(restore)), fieldSeparator }
  }
  const lines = splitLines(text, rowSeparator, met)
  const [first = ''] = lines
  const single =
    lines.length === 1 && rowSeparator === undefined
      ? splitSingleLine(first, fieldSeparator)
      : undefined
  if (single !== undefined && single.length > 1)
    met.add(first.includes(' ') ? 'csv-row-separator' : 'csv-no-row-separator')
  if (single !== undefined) return { rows: single, fieldSeparator }
  const rows = lines.map((line) => line.split(fieldSeparator))
  return fieldSeparator === ','
    ? { rows, fieldSeparator, headerLine: first }
    : { rows, fieldSeparator }
}

function withoutLeadingLineEnds(text: string): string {
  let from = 0
  while (text[from] === '\n' || text[from] === '\r') from += 1
  return from === 0 ? text : text.slice(from)
}

const carriageReturn = 0x0d

/** Lines without their ends, empty ones left out. */
function splitLines(text: string, rowSeparator: string | undefined, met: Deviations): string[] {
  if (rowSeparator !== undefined) return text.split(rowSeparator).filter((line) => line !== '')
  if (!text.includes('\n')) {
    if (text.includes('\r')) {
      met.add('csv-row-separator')
      return text.split('\r').filter((line) => line !== '')
    }
    const lines = text.split(rowEntities).filter((line) => line !== '')
    if (lines.length > 1) met.add('csv-row-separator')
    return lines
  }
  const lines: string[] = []
  let ends = 0
  let returns = 0
  for (let from = 0; from < text.length;) {
    const feed = text.indexOf('\n', from)
    const end = feed === -1 ? text.length : feed
    const isReturned = feed > from && text.charCodeAt(end - 1) === carriageReturn
    const line = text.slice(from, isReturned ? end - 1 : end)
    if (line !== '') lines.push(line)
    if (feed !== -1) ends += 1
    if (isReturned) returns += 1
    from = end + 1
  }
  if (returns > 0 && returns < ends) met.add('csv-row-separator-mixed')
  return lines
}

/** Strictly first; then with quotes that are not escaped taken as they stand (iopsys). */
export function parseQuotedCsv(
  text: string,
  delimiter: string,
  rowSeparator: string | undefined,
  quote: string,
  met: Deviations,
): Rows {
  const options = {
    delimiter,
    record_delimiter: rowSeparator ?? rowEnds(text, met),
    relax_column_count: true,
    skip_empty_lines: true,
    quote,
    escape: quote,
  }
  try {
    return parse(text, options)
  } catch {
    met.add('csv-stray-quote')
  }
  try {
    return parse(text, { ...options, relax_quotes: true })
  } catch (error) {
    const [header = '', ...lines] = splitLines(text, rowSeparator, met)
    if (!header.includes(quote)) return [header, ...lines].map((line) => line.split(delimiter))
    const { message, lines: line } = error as CsvError & { lines: number }
    throw new TransferError('BDC_CSV_SYNTAX', `not valid CSV: ${message}`, {
      cause: error,
      position: `line ${line}`,
    })
  }
}

/** How the header line ends: it has no line ends inside quotes. */
function rowEnds(text: string, met: Deviations): string[] {
  const end = new RegExp(`\\r\\n|[\\r\\n]|${rowEntities.source}`, 'i').exec(text)?.[0] ?? '\n'
  if (end === '\r\n' || end === '\n') return ['\r\n', '\n']
  met.add('csv-row-separator')
  return [end]
}
