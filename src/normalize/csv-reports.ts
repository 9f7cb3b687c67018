import type { Rows, Table } from '../decode/csv.ts'
import type { FormatHint } from '../decode/format-hint.ts'
import { TransferError } from '../errors.ts'
import type { Deviations } from '../report/deviation.ts'
import type { Budget } from './budget.ts'
import { type Role, readHeader } from './csv-header.ts'
import { readParameterType } from './parameter-value.ts'
import { readParameterPerColumn } from './parameter-per-column.ts'
import { readParameterPerRow } from './parameter-per-row.ts'
import type { RawReport } from './raw-report.ts'

/**
 * ParameterPerRow or ParameterPerColumn, as the header line shows (R-BULK.11, R-BULK.12); the
 * header line of ParameterPerRow may be missing.
 * @throws TransferError BDC_CSV_HEADER, and those of Budget
 */
export function readCsvReports(
  { rows, fieldSeparator, headerLine }: Table,
  hint: FormatHint,
  budget: Budget,
  met: Deviations,
): readonly RawReport[] {
  const [first = []] = rows
  const header = readHeader(first, headerLine)
  const { columns, roles, timeColumn } = header
  const hasTime = timeColumn !== -1
  const hasName = roles.includes('name')
  if (hasTime && columns[0] !== 'ReportTimestamp') met.add('csv-time-column')

  const perRow = hasName || (!hasTime && isRowWithoutHeader(rows, hint))
  if (hint.format !== undefined && (hint.format === 'ParameterPerRow') !== perRow)
    met.add('format-header-wrong')
  if (perRow && !hasName) {
    met.add('csv-header-missing')
    const roles = rolesByWidth(columns)
    return readParameterPerRow({ roles, rows, fieldSeparator }, budget, met)
  }
  const body = rows.slice(1)
  if (perRow) return readParameterPerRow({ roles, rows: body, fieldSeparator }, budget, met)
  if (!hasTime && (rows.length === 1 || startsWithTime(columns)))
    throw new TransferError('BDC_CSV_HEADER', 'the first line is no header of a report', {
      position: 'line 1',
    })
  return readParameterPerColumn(header, body, fieldSeparator, budget, met)
}

/**
 * Without a header line a row of ParameterPerRow is known by its type, or by what is claimed. A
 * column may be called like a type, too (`id,lat,long`), but the next row does not end in one.
 */
function isRowWithoutHeader([cells = [], next]: Rows, { format }: FormatHint): boolean {
  if (endsInType(cells) && (next === undefined || endsInType(next))) return cells.length >= 3
  return format === 'ParameterPerRow' && cells.length >= 2 && cells.length <= 4
}

const endsInType = (cells: readonly string[]) =>
  readParameterType((cells.at(-1) ?? '').trim()) !== undefined

function rolesByWidth(cells: readonly string[]): Role[] {
  const typed = endsInType(cells)
  const timed = startsWithTime(cells) || cells[0] === ''
  return [
    ...(timed ? (['time'] as const) : []),
    'name',
    'value',
    ...(typed ? (['type'] as const) : []),
  ]
}

const startsWithTime = ([first = '']: readonly string[]) =>
  /^(?:\d{1,17}|\d{4}-\d{2}-\d{2}T.*)$/.test(first)
