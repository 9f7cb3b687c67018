import { hash } from 'node:crypto'
import type { RawReport, RawTime } from './raw-report.ts'

/** Reports without a time of their own are told apart by the window they arrive in. */
const windowMs = 60_000

/**
 * 128 bits of SHA-256 in hex over the device, the profile where one is known, the collection
 * time as it was sent and every name and value: the same report sent again, alone or in a bundle
 * of retained ones, gets the same Id.
 */
export function reportId(
  deviceKey: string,
  profile: string | undefined,
  report: RawReport,
  receivedTimeMs: number,
): string {
  const time = isUnknown(report.collectionTime)
    ? Math.floor(receivedTimeMs / windowMs)
    : report.collectionTime
  let content = `${deviceKey}\0${profile ?? ''}\0${String(time)}`
  for (const { name, value } of report.parameters)
    content += `\0${name}${typeof value === 'string' ? '\0' : '\0\x01'}${String(value)}`
  return hash('sha256', content, 'hex').slice(0, 32)
}

/** TR-106 dateTime: year 1 in UTC is the unknown time, the same in every report. */
const isUnknown = (time: RawTime) =>
  time === undefined || time === 0 || time === '0' || String(time).startsWith('0001-01-01T00:00:00')
