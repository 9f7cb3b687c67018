import type { Rows } from '../decode/csv.ts'
import type { Deviations } from '../report/deviation.ts'
import type { Parameter } from '../report/report.ts'
import type { Budget } from './budget.ts'
import { type Header, readHeader } from './csv-header.ts'
import { untypedValue } from './parameter-value.ts'
import { type RawReport, cellTime } from './raw-report.ts'

/**
 * Header [ReportTimestamp,] and one column per parameter; each row is one report. A header line
 * among the rows, which iopsys repeats for retained reports, names the columns from there on.
 * A row of other width keeps the cells that have a column, and is itself kept as surplus.
 * @throws TransferError those of Budget
 */
export function readParameterPerColumn(
  first: Header,
  rows: Rows,
  fieldSeparator: string,
  budget: Budget,
  met: Deviations,
): readonly RawReport[] {
  let header = first
  if (header.hasDuplicates) met.add('csv-duplicate-column')
  const reports: RawReport[] = []
  for (const row of rows) {
    if (isHeader(row, header)) {
      met.add('csv-header-repeated')
      header = readHeader(row)
      if (header.hasDuplicates) met.add('csv-duplicate-column')
      continue
    }
    const ragged = row.length !== header.columns.length
    if (ragged) met.add('csv-ragged-row')
    budget.reports(1)
    budget.parameters(header.names.length, header.nameCharacters)
    reports.push({
      format: 'ParameterPerColumn',
      collectionTime: cellTime(row[header.timeColumn]),
      parameters: readParameters(header.names, row),
      surplus: ragged ? row.join(fieldSeparator) : undefined,
    })
  }
  return reports
}

function readParameters(
  names: readonly (string | undefined)[],
  row: readonly string[],
): Parameter[] {
  const parameters: Parameter[] = []
  for (let column = 0; column < row.length; column += 1) {
    const name = names[column]
    if (name !== undefined)
      parameters.push({ name, value: untypedValue(row[column] ?? ''), type: undefined })
  }
  return parameters
}

const timeName = /^(?:ReportTimestamp|CollectionTime)$/i

const isHeader = (row: readonly string[], { columns, timeColumn }: Header) =>
  timeColumn === -1
    ? row.length === columns.length && row.every((cell, column) => cell.trim() === columns[column])
    : timeName.test((row[timeColumn] ?? '').trim())
