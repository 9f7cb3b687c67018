import type { Rows } from '../decode/csv.ts'
import { TransferError } from '../errors.ts'
import type { Deviations } from '../report/deviation.ts'
import type { Parameter, ParameterType, ParameterValue } from '../report/report.ts'
import type { Budget } from './budget.ts'
import type { Role } from './csv-header.ts'
import { readParameterType, typedValue } from './parameter-value.ts'
import { type RawReport, type RawTime, cellTime } from './raw-report.ts'

interface PerRowTable {
  readonly roles: readonly Role[]
  readonly rows: Rows
  readonly fieldSeparator: string
}

/** A report while its rows are gathered. */
interface Gathering {
  readonly collectionTime: RawTime
  readonly parameters: Parameter[]
  readonly values: Map<string, ParameterValue>
}

/**
 * Columns [ReportTimestamp,] ParameterName, ParameterValue, ParameterType (R-BULK.12). Retained
 * reports are further rows below the same header, told apart by their timestamp; where that does
 * not do, a name that comes again with another value begins a new report.
 *
 * Names are trimmed, since the standard's own example has a space before one; values never. A
 * row with too many cells has a separator inside its value, which iopsys does not quote.
 * @throws TransferError BDC_CSV_HEADER, and those of Budget
 */
export function readParameterPerRow(
  { roles, rows, fieldSeparator }: PerRowTable,
  budget: Budget,
  met: Deviations,
): readonly RawReport[] {
  const timeColumn = roles.indexOf('time')
  const nameColumn = roles.indexOf('name')
  const valueColumn = roles.indexOf('value')
  const typeColumn = roles.indexOf('type')
  if (valueColumn === -1)
    throw new TransferError('BDC_CSV_HEADER', 'the header line has no ParameterValue column', {
      position: 'line 1',
    })
  if (typeColumn === -1) met.add('csv-type-column-missing')

  const reports: Gathering[] = []
  const newest = new Map<RawTime, Gathering>()
  const begin = (time: RawTime): Gathering => {
    budget.reports(1)
    const report = { collectionTime: time, parameters: [], values: new Map() }
    reports.push(report)
    newest.set(time, report)
    return report
  }

  let report: Gathering | undefined
  let timeText: string | undefined
  for (const sent of rows) {
    const row =
      sent.length > roles.length
        ? rejoin(sent, roles.length, valueColumn, fieldSeparator, met)
        : sent
    if (row.length < roles.length) met.add('csv-ragged-row')
    const name = (row[nameColumn] ?? '').trim()
    const value = row[valueColumn] ?? ''
    if (name === 'ParameterName' && value.trim() === 'ParameterValue') {
      met.add('csv-header-repeated')
      continue
    }
    if (report === undefined || row[timeColumn] !== timeText) {
      timeText = row[timeColumn]
      const time = cellTime(timeText)
      if (report?.collectionTime !== time || report === undefined)
        report = newest.get(time) ?? begin(time)
    }
    const parameter = readParameter(name, value, row[typeColumn], met)
    const before = report.values.get(name)
    if (before !== undefined) {
      met.add('csv-duplicate-column')
      if (before === parameter.value) continue
      report = begin(report.collectionTime)
    }
    report.values.set(name, parameter.value)
    budget.parameter(name)
    report.parameters.push(parameter)
  }
  return reports.map(({ collectionTime, parameters }) => ({
    format: 'ParameterPerRow',
    collectionTime,
    parameters,
  }))
}

function readParameter(
  name: string,
  text: string,
  typeCell: string | undefined,
  met: Deviations,
): Parameter {
  const type = readParameterType(typeCell ?? '') ?? readParameterType((typeCell ?? '').trim())
  if (type === undefined && typeCell !== undefined) met.add('csv-unknown-type')
  const value = typedValue(text, type)
  if (value === text && type !== undefined && !isTextType(type)) met.add('csv-value-not-of-type')
  return { name, value, type }
}

const textTypes = new Set<ParameterType>(['string', 'dateTime', 'base64', 'hexBinary'])
const isTextType = (type: ParameterType) => textTypes.has(type)

/** Puts a value back together that was split at separators of its own. */
function rejoin(
  row: readonly string[],
  width: number,
  valueColumn: number,
  fieldSeparator: string,
  met: Deviations,
): readonly string[] {
  met.add('csv-unquoted-separator')
  const surplus = row.length - width
  const value = row.slice(valueColumn, valueColumn + surplus + 1).join(fieldSeparator)
  return [...row.slice(0, valueColumn), value, ...row.slice(valueColumn + surplus + 1)]
}
