import type { RawTime } from './raw-report.ts'

/** When the values were taken, or why that is not known. */
export interface CollectionTime {
  readonly ms: number
  readonly source: 'report' | 'received'
}

/** ISO-8601 with `Z`, an offset, or no zone at all, which then means UTC. */
const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:?\d{2})?$/i

/**
 * Reads CollectionTime or ReportTimestamp. The data model says that Unix-Epoch is milliseconds
 * (TR-181 BulkData.Profile.{i}.JSONEncoding.ReportTimestamp) while every example of USP Annex A
 * shows seconds, so the magnitude decides. What is absent, unreadable or relative (the time
 * since boot of a device without a clock, year 0001) becomes the time of arrival.
 */
export function readCollectionTime(raw: RawTime, receivedTimeMs: number): CollectionTime {
  const ms = typeof raw === 'number' ? epoch(raw) : typeof raw === 'string' ? stamp(raw) : undefined
  return ms === undefined ? { ms: receivedTimeMs, source: 'received' } : { ms, source: 'report' }
}

function stamp(raw: string): number | undefined {
  const text = raw.trim()
  if (/^\d+(?:\.\d+)?$/.test(text)) return epoch(Number(text))
  const match = iso.exec(text)
  if (match === null) return undefined
  const [, date = '', time = '', zone = 'Z'] = match
  const offset = zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const ms = Date.parse(`${date}T${time}${offset}`)
  return ms >= Date.UTC(1000, 0) ? ms : undefined
}

/** Seconds, milliseconds or microseconds; what is too small for any of them is an uptime. */
function epoch(value: number): number | undefined {
  if (value < 1e9) return undefined
  if (value < 1e11) return Math.round(value * 1e3)
  if (value < 1e14) return Math.round(value)
  if (value < 1e17) return Math.round(value / 1e3)
  return undefined
}
