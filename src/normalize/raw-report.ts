import type { Format, Parameter } from '../report/report.ts'

/** CollectionTime or ReportTimestamp as it was sent; undefined: none. */
export type RawTime = string | number | bigint | undefined

/** One report as its format lays it out; whose it is and when it was taken comes next. */
export interface RawReport {
  readonly format: Format
  readonly collectionTime: RawTime
  readonly parameters: readonly Parameter[]
}
