import { parameterTypes } from '../report/report.ts'
import { perRowHeader, timeHeader } from './csv-dialect.ts'

/** Unix time, or ISO-8601 with whatever zone. */
const stamp = '(?:\\d{9,17}|\\d{4}-\\d{2}-\\d{2}T[\\w:.+-]{1,40})'
const wholeStamp = new RegExp(`^${stamp}$|^\\d{1,8}$`)

/** The longer names first: unsignedInt is no int. */
const typePrefix = new RegExp(
  `^\\s*(${parameterTypes.toSorted((a, b) => b.length - a.length).join('|')})(.*)$`,
  's',
)

/**
 * Rows out of one single line. iopsys, told to end rows with the CR LF of the standard, puts
 * nothing between them; the default RowSeparator of TR-181 2.15 and later is a space. A row of
 * ParameterPerRow ends with its type, one of ParameterPerColumn begins with its time.
 * @returns undefined where neither is there to go by
 */
export function splitSingleLine(line: string, separator: string): string[][] | undefined {
  const header = perRowHeader.exec(line)?.[0]
  if (header !== undefined && /ParameterType\s*$/i.test(header))
    return splitAfterTypes(header, line.slice(header.length), separator)
  return header !== undefined || timeHeader.test(line)
    ? splitBeforeTimes(line, separator)
    : undefined
}

function splitBeforeTimes(line: string, separator: string): string[][] {
  const rows = line.endsWith(' ') ? line.slice(0, -1) : line
  const pieces = rows.split(new RegExp(` (?=${stamp}${RegExp.escape(separator)})`))
  return pieces.map((piece) => piece.split(separator))
}

function splitAfterTypes(header: string, rest: string, separator: string): string[][] | undefined {
  const columns = header.split(separator)
  const timed = columns.length === 4
  const rows = [columns]
  const cells = rest.trim() === '' ? [] : rest.trimStart().split(separator)
  let row: string[] = []
  for (const [index, cell] of cells.entries()) {
    const [, type, next = ''] = (row.length >= columns.length - 1 && typePrefix.exec(cell)) || []
    const isLast = index === cells.length - 1
    if (type === undefined || !endsRow(next.trim(), isLast, timed)) {
      row.push(cell)
      continue
    }
    rows.push([...row, type])
    row = isLast ? [] : [next.trim()]
  }
  return row.length === 0 ? rows : undefined
}

/** Whether what follows a type is the first cell of another row, or the end. */
function endsRow(next: string, isLast: boolean, timed: boolean): boolean {
  if (isLast) return next === ''
  return timed ? wholeStamp.test(next) : /^[A-Za-z]\S*$/.test(next)
}
