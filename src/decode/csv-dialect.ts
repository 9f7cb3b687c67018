import { parameterTypes } from '../report/report.ts'

/** How a profile writes its CSV (TR-181 BulkData.Profile.{i}.CSVEncoding); undefined: sniff it. */
export interface CsvDialect {
  readonly fieldSeparator?: string | undefined
  readonly rowSeparator?: string | undefined
  readonly escapeCharacter?: string | undefined
}

/** The header line of ParameterPerRow, whatever its separator. */
export const perRowHeader =
  /^\s*"?(?:(?:ReportTimestamp|CollectionTime)"?[^\w"]{1,16}?"?)?ParameterName"?([^\w"]{1,16}?)"?ParameterValue"?(?:\1"?ParameterType"?)?/i
/** The first cell of a header line, and what comes after it. */
export const timeHeader = /^\s*"?(?:ReportTimestamp|CollectionTime)"?(.)/is
/** How the header line begins in the examples of the standard, and nearly everywhere. */
const standardBeginning = 'ReportTimestamp,'
/** A line that ends in a type: a row of ParameterPerRow below no header. */
const typedLine = new RegExp(`^[^\\r\\n]*[,;\\t|]"?(?:${parameterTypes.join('|')})"?\\s*$`, 'm')

/** Whether a body that is not JSON shows by itself that it is a report in CSV. */
export function looksLikeCsv(text: string): boolean {
  const beginning = text.slice(0, 2_000)
  return perRowHeader.test(beginning) || timeHeader.test(beginning) || typedLine.test(beginning)
}

/**
 * The field separator: what stands between two cells of the header whose names are known, or
 * else which of the usual four is most frequent in the first line.
 */
export function sniffFieldSeparator(text: string): string {
  if (text.startsWith(standardBeginning)) return ','
  const beginning = text.slice(0, 2_000)
  const between = perRowHeader.exec(beginning)?.[1]
  if (between !== undefined) return between.trim() === '' ? between : between.trim()
  const first = timeHeader.exec(beginning)?.[1]
  if (first !== undefined && ',;\t|'.includes(first)) return first
  const [line = ''] = beginning.split(/[\r\n]|&#(?:13|10|xd|xa);/i, 1)
  const counted = [',', ';', '\t', '|'].map((separator) => line.split(separator).length)
  return [',', ';', '\t', '|'][counted.indexOf(Math.max(...counted))] ?? ','
}

/** The text of a RowSeparator that somebody escaped once too often: prplOS, iopsys. */
export const rowEntities = /&#13;&#10;|&#xd;&#xa;|&#10;|&#xa;|&#13;|&#xd;/gi
