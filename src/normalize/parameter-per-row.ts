import type { Rows } from '../decode/csv.ts'
import { TransferError } from '../errors.ts'
import type { Parameter } from '../report/report.ts'
import { readParameterType, typedValue } from './parameter-value.ts'
import type { RawReport } from './raw-report.ts'

/**
 * Columns [ReportTimestamp,] ParameterName, ParameterValue, ParameterType (R-BULK.12). Retained
 * reports are further rows below the same header, told apart by their timestamp alone.
 * Names are trimmed, since the standard's own example has a space before one; values never.
 * @throws TransferError BDC_CSV_HEADER, BDC_CSV_ROW
 */
export function readParameterPerRow(columns: readonly string[], rows: Rows): readonly RawReport[] {
  const timeColumn = columns.indexOf('ReportTimestamp')
  const nameColumn = columns.indexOf('ParameterName')
  const valueColumn = columns.indexOf('ParameterValue')
  const typeColumn = columns.indexOf('ParameterType')
  if (valueColumn === -1)
    throw new TransferError('BDC_CSV_HEADER', 'the header line has no ParameterValue column', {
      position: 'line 1',
    })

  const reports = new Map<string | undefined, Parameter[]>()
  let time: string | undefined
  let parameters: Parameter[] | undefined
  for (const [index, row] of rows.entries()) {
    if (row.length !== columns.length)
      throw new TransferError(
        'BDC_CSV_ROW',
        `a row of ${row.length} cells under a header of ${columns.length}`,
        { position: `row ${index + 2}` },
      )
    const rowTime = row[timeColumn]
    if (parameters === undefined || rowTime !== time) {
      time = rowTime
      parameters = reports.get(time)
      if (parameters === undefined) reports.set(time, (parameters = []))
    }
    const type = readParameterType((row[typeColumn] ?? '').trim())
    parameters.push({
      name: (row[nameColumn] ?? '').trim(),
      value: typedValue(row[valueColumn] ?? '', type),
      type,
    })
  }
  return Array.from(reports, ([collectionTime, parameters]) => ({
    format: 'ParameterPerRow',
    collectionTime,
    parameters,
  }))
}
