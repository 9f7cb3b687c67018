import { expect, test } from 'vitest'
import { encodeEvent } from '../../src/report/event.ts'
import { buildReport } from './build.ts'
import { eventOf, parseEvent } from './event-object.ts'

test('each event has its own times, whatever the one before it had', () => {
  const times = [
    [1_000, 2_000],
    [2_000, 1_000],
    [2_000, 3_000],
    [1_000, 3_000],
  ] as const
  for (const [collectionTimeMs, receivedTimeMs] of times) {
    const report = buildReport({ collectionTimeMs, receivedTimeMs })
    expect(parseEvent(encodeEvent(report))).toEqual(eventOf(report))
  }
})

test('a time that is none fails, and again the next time', () => {
  const never = buildReport({ collectionTimeMs: NaN })
  expect(() => encodeEvent(never)).toThrow(RangeError)
  expect(() => encodeEvent(never)).toThrow(RangeError)
})
