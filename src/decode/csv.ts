import { type CsvError, parse } from 'csv-parse/sync'
import { TransferError } from '../errors.ts'

export type Rows = readonly (readonly string[])[]

/**
 * Reads a CSV body into rows of cells, empty lines left out (RFC 4180, R-BULK.11).
 * A body without any quote is split; csv-parse reads all others, and is what the split is
 * tested against.
 * @throws TransferError BDC_CSV_SYNTAX with the line
 */
export function parseCsv(text: string): Rows {
  return text.includes('"') ? parseQuotedCsv(text) : splitCsv(text)
}

export function splitCsv(text: string): Rows {
  const rows: string[][] = []
  const rowSeparator = text.includes('\r\n') ? '\r\n' : '\n'
  for (const line of text.split(rowSeparator)) if (line !== '') rows.push(line.split(','))
  return rows
}

export function parseQuotedCsv(text: string): Rows {
  try {
    return parse(text, {
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: text.includes('\r\n') ? '\r\n' : '\n',
    })
  } catch (error) {
    const { message, lines } = error as CsvError & { lines: number }
    throw new TransferError('BDC_CSV_SYNTAX', `not valid CSV: ${message}`, {
      cause: error,
      position: `line ${lines}`,
    })
  }
}
