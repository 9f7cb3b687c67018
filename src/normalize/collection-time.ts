import type { Deviations } from '../report/deviation.ts'
import type { RawTime } from './raw-report.ts'

/** When the values were taken, or why that is not known. */
export interface CollectionTime {
  readonly ms: number
  readonly source: 'report' | 'received'
  readonly rule: TimeRule
}

/** How a time was read. */
export type TimeRule =
  'absent' | 'seconds' | 'milliseconds' | 'microseconds' | 'ISO-8601' | 'relative' | 'unreadable'

interface Reading {
  readonly ms?: number
  readonly rule: TimeRule
}

const dayMs = 86_400_000
/** A clock that is further ahead than this is wrong. */
const futureMs = dayMs
/** Retained reports may be old (PersistAcrossReboot); this old is worth a look. */
const staleMs = 7 * dayMs

/**
 * Reads CollectionTime or ReportTimestamp. The data model says that Unix-Epoch is milliseconds
 * (TR-181 BulkData.Profile.{i}.JSONEncoding.ReportTimestamp) while every example of USP Annex A
 * shows seconds, so the magnitude decides. What is absent, unreadable or relative (the time
 * since boot of a device without a clock, year 0001) becomes the time of arrival.
 */
export function readCollectionTime(
  raw: RawTime,
  receivedTimeMs: number,
  met: Deviations,
): CollectionTime {
  const { ms, rule } = raw === undefined ? absent : readTime(raw, met)
  if (rule === 'relative') met.add('time-relative')
  if (rule === 'unreadable') met.add('time-unreadable')
  if (ms === undefined) return { ms: receivedTimeMs, source: 'received', rule }
  if (ms > receivedTimeMs + futureMs) met.add('time-future')
  if (ms < receivedTimeMs - staleMs) met.add('time-stale')
  return { ms, source: 'report', rule }
}

const absent: Reading = { rule: 'absent' }

function readTime(raw: string | number | bigint, met: Deviations): Reading {
  if (typeof raw === 'number') return readEpoch(raw, met)
  const text = String(raw).trim()
  if (/^\d{1,20}(?:\.\d+)?$/.test(text)) {
    met.add('time-text-epoch')
    return readEpoch(Number(text), met)
  }
  return readIso(text, met)
}

/** Seconds, milliseconds or microseconds; what is too small for any of them is an uptime. */
function readEpoch(value: number, met: Deviations): Reading {
  if (value >= 0 && value < 1e9) return { rule: 'relative' }
  if (value >= 1e9 && value < 1e11) return { ms: Math.round(value * 1e3), rule: 'seconds' }
  if (value >= 1e11 && value < 1e14) return { ms: Math.round(value), rule: 'milliseconds' }
  if (!(value >= 1e14 && value < 1e17)) return { rule: 'unreadable' }
  met.add('time-microseconds')
  return { ms: Math.round(value / 1e3), rule: 'microseconds' }
}

/** Date, time, and whatever is said of the zone. */
const iso =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:[.,]\d+)?) ?([A-Za-z]{1,5}|[+-]\d{2}:?\d{2}|)$/

/**
 * Offsets of the abbreviations that agents append: those of RFC 5322, which are the North
 * American ones, and the European ones. Others mean several zones each and are not guessed.
 */
const abbreviations: Readonly<Record<string, string>> = {
  UTC: 'Z',
  GMT: 'Z',
  UT: 'Z',
  WET: 'Z',
  WEST: '+01:00',
  CET: '+01:00',
  CEST: '+02:00',
  EET: '+02:00',
  EEST: '+03:00',
  MSK: '+03:00',
  EST: '-05:00',
  EDT: '-04:00',
  CST: '-06:00',
  CDT: '-05:00',
  MST: '-07:00',
  MDT: '-06:00',
  PST: '-08:00',
  PDT: '-07:00',
}

function readIso(text: string, met: Deviations): Reading {
  const [whole, date = '', time = '', zone = ''] = iso.exec(text) ?? []
  if (whole === undefined) return { rule: 'unreadable' }
  const ms = Date.parse(`${date}T${time.replace(',', '.')}${readZone(zone, met)}`)
  if (Number.isNaN(ms) || !isDay(date)) return { rule: 'unreadable' }
  return ms < Date.UTC(1000, 0) ? { rule: 'relative' } : { ms, rule: 'ISO-8601' }
}

/** February 30 would be read as March 2. */
const isDay = (date: string) => new Date(`${date}T00:00:00Z`).toISOString().startsWith(date)

function readZone(zone: string, met: Deviations): string {
  if (zone === 'Z' || zone === 'z') return 'Z'
  if (zone !== '' && !/^[A-Za-z]/.test(zone)) return zone.replace(/^(...)(\d{2})$/, '$1:$2')
  const offset = abbreviations[zone.toUpperCase()]
  if (zone === '') met.add('time-no-zone')
  else met.add(offset === undefined ? 'time-zone-unknown' : 'time-zone-abbreviation')
  return offset ?? 'Z'
}
