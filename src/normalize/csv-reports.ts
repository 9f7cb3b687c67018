import type { Rows } from '../decode/csv.ts'
import { TransferError } from '../errors.ts'
import type { FormatHint } from '../decode/format-hint.ts'
import { readParameterPerColumn } from './parameter-per-column.ts'
import { readParameterPerRow } from './parameter-per-row.ts'
import type { RawReport } from './raw-report.ts'

/**
 * ParameterPerRow or ParameterPerColumn, as the header line shows (R-BULK.11, R-BULK.12).
 * @throws TransferError BDC_CSV_HEADER, BDC_CSV_ROW
 */
export function readCsvReports(rows: Rows, hint: FormatHint): readonly RawReport[] {
  const [header = [], ...body] = rows
  const columns = header.map((cell) => cell.trim())
  if (columns.includes('ParameterName')) return readParameterPerRow(columns, body)
  if (hint.format === 'ParameterPerRow')
    throw new TransferError('BDC_CSV_HEADER', 'the header line has no ParameterName column', {
      position: 'line 1',
    })
  if (body.length === 0 && columns[0] !== 'ReportTimestamp')
    throw new TransferError('BDC_CSV_HEADER', 'a single line that is no header of a report', {
      position: 'line 1',
    })
  return readParameterPerColumn(columns, body)
}
