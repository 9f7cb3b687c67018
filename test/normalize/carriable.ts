import { parameterTypes } from '../../src/report/report.ts'
import {
  type Dialect,
  type SentParameter,
  type SentReport,
  charactersOf,
  isCsv,
  isTimed,
} from './encode-report.ts'

const usualSeparators = [',', ';', '\t', '|']

/**
 * The dialect, and the reports as far as a body in it can carry them: where information is gone
 * once the body is written, the agent is held back here, with the reason beside it.
 */
export function carriable(
  given: Dialect,
  reports: readonly SentReport[],
): { readonly dialect: Dialect; readonly reports: readonly SentReport[] } {
  const dialect = isCsv(given) ? possibleCsv(given) : possibleJson(given)
  const sent = isCsv(dialect) ? inCsv(dialect, reports) : inJson(dialect, reports)
  return { dialect, reports: sent }
}

/** RFC 8259 has no empty cell: a time is there or it is not. */
const possibleJson = (dialect: Dialect): Dialect =>
  dialect.time === 'empty' ? { ...dialect, time: 'absent' } : dialect

function possibleCsv(given: Dialect): Dialect {
  let { csv } = given
  const perRow = given.format === 'ParameterPerRow'
  // Separators of several characters, and other quotes than ", are shown by nothing in the body.
  if (!csv.inProfile) {
    csv = { ...csv, quote: '"' }
    if (!usualSeparators.includes(csv.fieldSeparator)) csv = { ...csv, fieldSeparator: ',' }
  }
  // Without anything between rows only the type tells where one of ParameterPerRow ends.
  if (csv.rowEnd === '' && !(perRow && csv.types)) csv = { ...csv, rowEnd: '\n' }
  // A space as row end is known by the type that ends a row or the time that begins one.
  if (csv.rowEnd === ' ' && !csv.inProfile && !(perRow ? csv.types : isTimed(given)))
    csv = { ...csv, rowEnd: '\r\n' }
  // In a single line a header cannot be told from values.
  if (isSingleLine(csv)) csv = { ...csv, quoting: 'never', repeatsHeader: false }
  // A header line that comes again with other columns is known by its time column.
  if (given.time === 'absent') csv = { ...csv, repeatsHeader: false }
  // An empty cell does not show where a row begins.
  const time = given.time === 'empty' && isSingleLine(csv) ? 'absent' : given.time
  return { ...given, time, csv }
}

const isSingleLine = ({ rowEnd, inProfile }: Dialect['csv']) =>
  rowEnd === '' || (rowEnd === ' ' && !inProfile)

function inJson(dialect: Dialect, reports: readonly SentReport[]): SentReport[] {
  const shorn = reports.map(({ timeMs, parameters }) => ({
    timeMs,
    parameters:
      dialect.format === 'ObjectHierarchy'
        ? withoutBranches(parameters.filter(({ name }) => !/^CollectionTime(\.|$)/.test(name)))
        : parameters.filter(({ name }) => name !== 'CollectionTime'),
  }))
  // Untimed, items with one key each are taken for the parameters of one report (RDK).
  const keyOf = ({ name }: SentParameter) =>
    dialect.format === 'ObjectHierarchy' ? name.split('.', 1)[0] : name
  const isRdk = shorn.every(({ parameters }) => new Set(parameters.map(keyOf)).size === 1)
  return dialect.time === 'absent' && isRdk ? shorn.slice(0, 1) : shorn
}

/** A name that goes on below another one: leaf and object would have to share one key. */
const withoutBranches = (parameters: readonly SentParameter[]) =>
  parameters.filter(({ name }) => !parameters.some((other) => name.startsWith(`${other.name}.`)))

function inCsv(dialect: Dialect, reports: readonly SentReport[]): SentReport[] {
  const { csv, format } = dialect
  const perColumn = format === 'ParameterPerColumn'
  let carried = reports.map(({ timeMs, parameters }) => ({
    timeMs,
    parameters: distinct(
      parameters.map(({ name, value }, index) => ({
        name: csvName(name, index, dialect),
        value: typeof value === 'string' || value === null ? csvText(value, dialect) : value,
      })),
    ),
  }))
  // Nothing is written for a report without parameters, but in its own column or row.
  carried = carried.filter(({ parameters }) => parameters.length > 0)
  // Reports of ParameterPerRow are told apart by their times alone.
  if (!perColumn) return isTimed(dialect) ? carried : carried.slice(0, 1)
  const [first] = carried
  // One header line names the columns of all rows.
  if (first !== undefined && !csv.repeatsHeader)
    carried = carried.map((report) => ({ ...report, parameters: alike(first, report) }))
  if (dialect.time !== 'absent') return carried
  return carried.map((report) => ({ ...report, parameters: unlikeHeader(report.parameters) }))
}

const alike = (first: SentReport, { parameters }: SentReport): SentParameter[] =>
  first.parameters.map(({ name }, index) => ({ name, value: parameters[index]?.value ?? 0 }))

/** Untimed, a row with the names for values is the header again, and an empty line is none. */
const unlikeHeader = (parameters: readonly SentParameter[]): SentParameter[] =>
  parameters.map(({ name, value }, index) => ({
    name,
    value: index === 0 && (value === name || value === '') ? `${name}=` : value,
  }))

function distinct(parameters: readonly SentParameter[]): SentParameter[] {
  const seen = new Set<string>()
  return parameters.filter(({ name }) => !seen.has(name) && seen.add(name))
}

const reserved = new Set([
  'reporttimestamp',
  'collectiontime',
  'parametername',
  'parametervalue',
  'parametertype',
])
/** Untimed, a header that ends in one of these may be a row without a header. */
const typeNames = new Set<string>(parameterTypes)

/** Names are trimmed (the standard's own example has a space before one), and not the header's. */
function csvName(given: string, index: number, dialect: Dialect): string {
  // The first row end, also as an entity, is that of the header line: names have none.
  let name = withoutAny(withoutUncarried(given, dialect), ['\r', '\n', '&']).trim()
  if (dialect.csv.quoting === 'never')
    name = withoutAny(name, charactersOf(dialect.csv.fieldSeparator))
  if (dialect.time === 'absent' || isSingleLine(dialect.csv)) {
    // Untimed, the separator is what is most frequent in the header, or stands after a name …
    name = withoutAny(name, usualSeparators)
    // … and the first name must not make the body JSON, or its header a row.
    if (!/^[A-Za-z]/.test(name)) name = `P${index}${name}`
    // In a single line an untimed row begins with a name in one word.
    if (isSingleLine(dialect.csv)) name = name.replace(/\s/g, '')
  }
  name = name.trim()
  const isTaken = reserved.has(name.toLowerCase()) || (!isTimed(dialect) && typeNames.has(name))
  return name === '' || isTaken ? `${name}_${index}` : name
}

/** CSV has no null; values are never trimmed, but at the end of a line that ends in a space. */
function csvText(value: string | null, dialect: Dialect): string {
  const { csv, format } = dialect
  let text = withoutUncarried(value ?? '', dialect)
  // iopsys: a separator inside a value of ParameterPerRow, which has no other place to be.
  const rejoined = format === 'ParameterPerRow' && !isSingleLine(csv)
  if (csv.quoting === 'never' && (!rejoined || csv.fieldSeparator.length > 1))
    text = withoutAny(text, charactersOf(csv.fieldSeparator))
  // The header line of a single untimed column does not show what separates.
  if (format === 'ParameterPerColumn' && dialect.time === 'absent' && csv.quoting !== 'always')
    text = csv.inProfile ? text : withoutAny(text, usualSeparators)
  // In a single line a space and digits may be the time of the next row.
  return isSingleLine(csv) ? text.replace(/\s/g, '') : text
}

function withoutUncarried(given: string, { csv }: Dialect): string {
  let text = given
  // Unquoted, a cell holds neither a row end nor a quote.
  if (csv.quoting === 'never')
    text = withoutAny(text, ['\r', '\n', csv.quote, ...charactersOf(csv.rowEnd)])
  // Row ends written as entities look like the entities in a value.
  if (isSingleLine(csv) || (csv.rowEnd.startsWith('&') && !csv.inProfile))
    text = text.replaceAll('&', '')
  // A quote of several characters is read by way of this one.
  return csv.quote.length > 1 ? text.replaceAll('\u{f8ff}', '') : text
}

const withoutAny = (text: string, parts: readonly string[]) =>
  parts.reduce((rest, part) => (part === '' ? rest : rest.replaceAll(part, '')), text)
