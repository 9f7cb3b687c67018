import type { CsvDialect } from '../../src/decode/csv-dialect.ts'
import type { Format, ParameterType, ParameterValue } from '../../src/report/report.ts'

/** One report as a device has it, before anything is encoded. */
export interface SentReport {
  /** Milliseconds since 1970 UTC; the form of the time may round it down to seconds. */
  readonly timeMs: number
  readonly parameters: readonly SentParameter[]
}

export interface SentParameter {
  readonly name: string
  readonly value: ParameterValue
}

export const timeForms = [
  'seconds',
  'milliseconds',
  'microseconds',
  'ISO-8601 with Z',
  'ISO-8601 with milliseconds',
  'ISO-8601 with an offset',
  'ISO-8601 without a zone',
  'empty',
  'absent',
] as const
export type TimeForm = (typeof timeForms)[number]

/** How an agent is set up to write its reports, oddities included. */
export interface Dialect {
  readonly format: Format
  readonly time: TimeForm
  /** JSON only: Unix time as a text. */
  readonly timeAsText: boolean
  readonly json: JsonDialect
  readonly csv: CsvWriting
}

export interface JsonDialect {
  readonly pretty: boolean
  readonly timeLast: boolean
  /** json-c writes `\/`. */
  readonly escapedSlash: boolean
  /** Nothing but ASCII, the rest as \u escapes. */
  readonly asciiOnly: boolean
  readonly trailingNul: boolean
}

export interface CsvWriting {
  readonly fieldSeparator: string
  /** '' puts nothing between the rows, as iopsys does. */
  readonly rowEnd: string
  readonly endsLastRow: boolean
  readonly quoting: 'never' | 'where needed' | 'always'
  readonly quote: string
  /** The operator has written the three down in a profile. */
  readonly inProfile: boolean
  readonly timeColumn: 'ReportTimestamp' | 'CollectionTime'
  /** ParameterPerRow only. */
  readonly types: boolean
  /** ParameterPerRow only: booleans as 1 and 0. */
  readonly numericBooleans: boolean
  /** ParameterPerColumn only: a header line before every report (iopsys). */
  readonly repeatsHeader: boolean
}

export const isCsv = ({ format }: Dialect) =>
  format === 'ParameterPerRow' || format === 'ParameterPerColumn'

export const isTimed = ({ time }: Dialect) => time !== 'absent' && time !== 'empty'

/** Part of a separator next to it would be ambiguous, too: each character counts. */
export const charactersOf = (separator: string): string[] => Array.from(separator)

/** The reports as the text of a body. */
export function encodeReports(reports: readonly SentReport[], dialect: Dialect): string {
  if (dialect.format === 'ParameterPerRow') return encodeTable(perRow(reports, dialect), dialect)
  return dialect.format === 'ParameterPerColumn'
    ? encodeTable(perColumn(reports, dialect), dialect)
    : encodeJson(reports, dialect)
}

/** What the operator's profile says of the CSV, if there is one. */
export const profileOf = ({ csv }: Dialect): CsvDialect | undefined =>
  csv.inProfile
    ? {
        fieldSeparator: csv.fieldSeparator,
        rowSeparator: csv.rowEnd === '' ? undefined : csv.rowEnd,
        escapeCharacter: csv.quote,
      }
    : undefined

/** The time as its form writes it; undefined: not at all. */
export function encodeTime(timeMs: number, form: TimeForm): string | undefined {
  const seconds = Math.floor(timeMs / 1_000)
  const iso = (ms: number) => new Date(ms).toISOString().slice(0, 19)
  switch (form) {
    case 'seconds':
      return String(seconds)
    case 'milliseconds':
      return String(timeMs)
    case 'microseconds':
      return `${timeMs}123`
    case 'ISO-8601 with Z':
      return `${iso(timeMs)}Z`
    case 'ISO-8601 with milliseconds':
      return new Date(timeMs).toISOString()
    case 'ISO-8601 with an offset':
      return `${iso(timeMs - 9_000_000)}-02:30`
    case 'ISO-8601 without a zone':
      return iso(timeMs)
    case 'empty':
      return ''
    case 'absent':
      return undefined
  }
}

/** What a time of this form still says. */
export const timeKept = (timeMs: number, form: TimeForm) =>
  form === 'milliseconds' || form === 'microseconds' || form === 'ISO-8601 with milliseconds'
    ? timeMs
    : Math.floor(timeMs / 1_000) * 1_000

type Tree = Map<string, Tree | ParameterValue>

function encodeJson(reports: readonly SentReport[], dialect: Dialect): string {
  const items = reports.map((report) => writeTree(itemOf(report, dialect), dialect.json, 2))
  const { pretty, trailingNul } = dialect.json
  const [space, line] = pretty ? [' ', '\n  '] : ['', '']
  const text = `{${line}"Report":${space}[${items.join(`,${space}`)}]${pretty ? '\n' : ''}}`
  return trailingNul ? `${text}\0` : text
}

function itemOf({ timeMs, parameters }: SentReport, dialect: Dialect): Tree {
  const time = encodeTime(timeMs, dialect.time)
  const item: Tree = new Map()
  const addTime = () => {
    if (time === undefined) return
    const asNumber = /^\d+$/.test(time) && !dialect.timeAsText
    item.set('CollectionTime', asNumber ? Number(time) : time)
  }
  if (!dialect.json.timeLast) addTime()
  for (const { name, value } of parameters) {
    if (dialect.format === 'ObjectHierarchy') plant(item, name.split('.'), value)
    else item.set(name, value)
  }
  if (dialect.json.timeLast) addTime()
  return item
}

function plant(tree: Tree, [first = '', ...rest]: readonly string[], value: ParameterValue): void {
  if (rest.length === 0) {
    tree.set(first, value)
    return
  }
  const known = tree.get(first)
  const branch: Tree = known instanceof Map ? known : new Map<string, Tree | ParameterValue>()
  tree.set(first, branch)
  plant(branch, rest, value)
}

function writeTree(tree: Tree, json: JsonDialect, indent: number): string {
  const members = Array.from(tree, ([name, value]) => {
    const text =
      value instanceof Map ? writeTree(value, json, indent + 2) : writeScalar(value, json)
    return `${writeText(name, json)}:${json.pretty ? ' ' : ''}${text}`
  })
  const line = json.pretty ? `\n${' '.repeat(indent)}` : ''
  return `{${line}${members.join(`,${line}`)}}`
}

const writeScalar = (value: ParameterValue, json: JsonDialect) =>
  typeof value === 'string' ? writeText(value, json) : String(value)

function writeText(text: string, { escapedSlash, asciiOnly }: JsonDialect): string {
  let written = JSON.stringify(text)
  if (escapedSlash) written = written.replaceAll('/', '\\/')
  if (!asciiOnly) return written
  return written.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

type Table = readonly (readonly string[])[]

function perRow(reports: readonly SentReport[], dialect: Dialect): Table {
  const { types, timeColumn, numericBooleans } = dialect.csv
  const header = ['ParameterName', 'ParameterValue', ...(types ? ['ParameterType'] : [])]
  const rows = reports.flatMap(({ timeMs, parameters }) =>
    parameters.map(({ name, value }) => [
      ...cellsOf(encodeTime(timeMs, dialect.time)),
      name,
      typeof value === 'boolean' && numericBooleans ? String(Number(value)) : String(value),
      ...(types ? [typeOf(value)] : []),
    ]),
  )
  return [dialect.time === 'absent' ? header : [timeColumn, ...header], ...rows]
}

function perColumn(reports: readonly SentReport[], dialect: Dialect): Table {
  const { timeColumn, repeatsHeader } = dialect.csv
  return reports.flatMap(({ timeMs, parameters }, index) => {
    const names = parameters.map(({ name }) => name)
    const header = dialect.time === 'absent' ? names : [timeColumn, ...names]
    const values = parameters.map(({ value }) => String(value))
    const row = [...cellsOf(encodeTime(timeMs, dialect.time)), ...values]
    return index === 0 || repeatsHeader ? [header, row] : [row]
  })
}

const cellsOf = (time: string | undefined) => (time === undefined ? [] : [time])

/** The TR-106 type that a device would declare. */
export function typeOf(value: ParameterValue): ParameterType {
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string' || value === null) return 'string'
  if (!/^-?\d+$/.test(String(value))) return 'decimal'
  if (BigInt.asIntN(32, BigInt(value)) === BigInt(value)) return 'int'
  return value < 0 ? 'long' : 'unsignedLong'
}

function encodeTable(table: Table, { csv }: Dialect): string {
  const rows = table.map((row) => row.map((cell) => quoted(cell, csv)).join(csv.fieldSeparator))
  return rows.join(csv.rowEnd) + (csv.endsLastRow ? csv.rowEnd : '')
}

/** RFC 4180, with whatever stands for the quote. */
function quoted(cell: string, { quoting, quote, fieldSeparator, rowEnd }: CsvWriting): string {
  if (quoting === 'never') return cell
  const special = [...charactersOf(`${fieldSeparator}${rowEnd}\r\n`), quote]
  if (quoting === 'where needed' && !special.some((text) => cell.includes(text))) return cell
  return quote + cell.replaceAll(quote, quote + quote) + quote
}
