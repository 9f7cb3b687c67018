import type { DecodeConfig } from '../decode/config.ts'
import type { Rows } from '../decode/csv.ts'
import type { Deviations } from '../report/deviation.ts'
import type { Parameter } from '../report/report.ts'
import { tooManyParameters } from './flatten.ts'
import { untypedValue } from './parameter-value.ts'
import { type RawReport, cellTime } from './raw-report.ts'

/**
 * Header [ReportTimestamp,] and one column per parameter; each row is one report. A header line
 * among the rows, which iopsys repeats for retained reports, names the columns from there on.
 * A row of other width keeps the cells that have a column, and is itself kept as surplus.
 * @throws TransferError BDC_TOO_MANY_PARAMETERS
 */
export function readParameterPerColumn(
  header: readonly string[],
  rows: Rows,
  fieldSeparator: string,
  { parametersLimit }: Pick<DecodeConfig, 'parametersLimit'>,
  met: Deviations,
): readonly RawReport[] {
  let columns = header
  let timeColumn = timeColumnOf(header)
  noteColumns(header, parametersLimit, met)
  const reports: RawReport[] = []
  for (const row of rows) {
    if (isHeader(row, columns, timeColumn)) {
      met.add('csv-header-repeated')
      columns = row.map((cell) => cell.trim())
      timeColumn = timeColumnOf(columns)
      noteColumns(columns, parametersLimit, met)
      continue
    }
    const ragged = row.length !== columns.length
    if (ragged) met.add('csv-ragged-row')
    reports.push({
      format: 'ParameterPerColumn',
      collectionTime: cellTime(row[timeColumn]),
      parameters: readParameters(columns, row, timeColumn),
      surplus: ragged ? row.join(fieldSeparator) : undefined,
    })
  }
  return reports
}

function readParameters(
  columns: readonly string[],
  row: readonly string[],
  timeColumn: number,
): Parameter[] {
  const parameters: Parameter[] = []
  for (const [column, name] of columns.entries()) {
    const cell = row[column]
    if (cell === undefined) break
    if (column !== timeColumn) parameters.push({ name, value: untypedValue(cell), type: undefined })
  }
  return parameters
}

const timeName = /^(?:ReportTimestamp|CollectionTime)$/i
const timeColumnOf = (columns: readonly string[]) =>
  columns.findIndex((column) => timeName.test(column))

const isHeader = (row: readonly string[], columns: readonly string[], timeColumn: number) =>
  timeColumn === -1
    ? row.length === columns.length && row.every((cell, column) => cell.trim() === columns[column])
    : timeName.test((row[timeColumn] ?? '').trim())

function noteColumns(columns: readonly string[], limit: number, met: Deviations): void {
  if (columns.length > limit) throw tooManyParameters(limit)
  if (new Set(columns).size < columns.length) met.add('csv-duplicate-column')
}
