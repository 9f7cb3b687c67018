import type { Rows } from '../decode/csv.ts'
import type { Deviations } from '../report/deviation.ts'
import type { Parameter } from '../report/report.ts'
import type { Budget } from './budget.ts'
import { untypedValue } from './parameter-value.ts'
import { type RawReport, cellTime } from './raw-report.ts'

/**
 * Header [ReportTimestamp,] and one column per parameter; each row is one report. A header line
 * among the rows, which iopsys repeats for retained reports, names the columns from there on.
 * A row of other width keeps the cells that have a column, and is itself kept as surplus.
 * @throws TransferError those of Budget
 */
export function readParameterPerColumn(
  header: readonly string[],
  rows: Rows,
  fieldSeparator: string,
  budget: Budget,
  met: Deviations,
): readonly RawReport[] {
  let columns = header
  let timeColumn = timeColumnOf(header)
  let names = namesOf(header, timeColumn, met)
  const reports: RawReport[] = []
  for (const row of rows) {
    if (isHeader(row, columns, timeColumn)) {
      met.add('csv-header-repeated')
      columns = row.map((cell) => cell.trim())
      timeColumn = timeColumnOf(columns)
      names = namesOf(columns, timeColumn, met)
      continue
    }
    const ragged = row.length !== columns.length
    if (ragged) met.add('csv-ragged-row')
    budget.report()
    reports.push({
      format: 'ParameterPerColumn',
      collectionTime: cellTime(row[timeColumn]),
      parameters: readParameters(names, row, budget),
      surplus: ragged ? row.join(fieldSeparator) : undefined,
    })
  }
  return reports
}

function readParameters(
  names: readonly (string | undefined)[],
  row: readonly string[],
  budget: Budget,
): Parameter[] {
  const parameters: Parameter[] = []
  for (const [column, name] of names.entries()) {
    const cell = row[column]
    if (cell === undefined) break
    if (name === undefined) continue
    budget.parameter(name)
    parameters.push({ name, value: untypedValue(cell), type: undefined })
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

/**
 * The parameter of each column; undefined for the time, and for a column whose name comes again,
 * as the last one counts.
 */
function namesOf(
  columns: readonly string[],
  timeColumn: number,
  met: Deviations,
): readonly (string | undefined)[] {
  const names: (string | undefined)[] = [...columns]
  if (timeColumn !== -1) names[timeColumn] = undefined
  if (new Set(columns).size === columns.length) return names
  met.add('csv-duplicate-column')
  const last = new Map(columns.map((name, column) => [name, column]))
  return names.map((name, column) => (last.get(name ?? '') === column ? name : undefined))
}
