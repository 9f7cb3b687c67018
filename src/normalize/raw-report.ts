import type { Format, Parameter } from '../report/report.ts'

/** CollectionTime or ReportTimestamp as it was sent; undefined: none. */
export type RawTime = string | number | bigint | undefined

/** One report as its format lays it out; whose it is and when it was taken comes next. */
export interface RawReport {
  readonly format: Format
  readonly collectionTime: RawTime
  readonly parameters: readonly Parameter[]
  /** Some value was an object or array (JSON). */
  readonly nested?: boolean
  /** What stood in its row and belongs to no parameter. */
  readonly surplus?: string | undefined
}

/** The reports of one body, and what else it said. */
export interface RawReports {
  readonly reports: readonly RawReport[]
  readonly attributes: Readonly<Record<string, string>>
  /** What holding them costs in memory beside the text of the body: an estimate. */
  readonly heldBytes: number
}

/** The time in a CSV cell; an empty one is RowTimestamp=None as ubbf writes it. */
export function cellTime(cell: string | undefined): RawTime {
  const text = cell?.trim()
  if (text === undefined || text === '') return undefined
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : text
}
