import type { Rows } from '../decode/csv.ts'
import { TransferError } from '../errors.ts'
import type { RawReport } from './raw-report.ts'
import { untypedValue } from './parameter-value.ts'

/**
 * Header [ReportTimestamp,] and one column per parameter; each row is one report.
 * @throws TransferError BDC_CSV_ROW
 */
export function readParameterPerColumn(
  columns: readonly string[],
  rows: Rows,
): readonly RawReport[] {
  const timeColumn = columns.indexOf('ReportTimestamp')
  return rows.map((row, index) => {
    if (row.length !== columns.length)
      throw new TransferError(
        'BDC_CSV_ROW',
        `a row of ${row.length} cells under a header of ${columns.length}`,
        { position: `row ${index + 2}` },
      )
    const parameters = []
    for (const [column, name] of columns.entries())
      if (column !== timeColumn)
        parameters.push({ name, value: untypedValue(row[column] ?? ''), type: undefined })
    return { format: 'ParameterPerColumn', collectionTime: row[timeColumn], parameters }
  })
}
