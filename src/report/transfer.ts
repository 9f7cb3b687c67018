import type { Device } from './device.ts'
import type { Report } from './report.ts'

/** One HTTP request as it came in, before anything in it is believed. */
export interface Upload {
  readonly method: string
  /** The request target untouched, query and all. */
  readonly target: string
  /** By name in lower case; a header that came twice is joined with a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
  readonly receivedTimeMs: number
  readonly remoteAddress: string
  /** The user whose credentials were checked; undefined: none were. */
  readonly user?: string | undefined
}

/** One HTTP request understood: the reports of one device, oldest first. */
export interface Transfer {
  readonly device: Device
  readonly reports: readonly Report[]
  /** What holding all its reports costs in memory: an estimate, in bytes. */
  readonly sizeBytes: number
}
