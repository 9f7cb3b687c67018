import { expect, test } from 'vitest'
import { Deviations } from '../../src/report/deviation.ts'
import { readCollectionTime } from '../../src/normalize/collection-time.ts'

const received = Date.UTC(2026, 0, 1)

test.each([
  ['seconds, as in the examples of Annex A', 1364529149, '2013-03-29T03:52:29.000Z'],
  ['milliseconds, as in the data model', 1364529149123, '2013-03-29T03:52:29.123Z'],
  ['microseconds', 1364529149123456, '2013-03-29T03:52:29.123Z'],
  ['seconds as a text (TP-Link)', '1726482720', '2024-09-16T10:32:00.000Z'],
  ['milliseconds as a text (prplOS)', '1767225600000', '2026-01-01T00:00:00.000Z'],
  ['seconds with a fraction', 1364529149.5, '2013-03-29T03:52:29.500Z'],
  ['ISO-8601 in UTC (obuspa)', '2026-11-20T21:03:30Z', '2026-11-20T21:03:30.000Z'],
  ['ISO-8601 with a fraction', '2026-11-20T21:03:30.25Z', '2026-11-20T21:03:30.250Z'],
  ['ISO-8601 with an offset', '2026-11-20T22:03:30+01:00', '2026-11-20T21:03:30.000Z'],
  ['ISO-8601 with a basic offset', '2026-11-20T22:03:30+0100', '2026-11-20T21:03:30.000Z'],
  ['ISO-8601 without a zone', '2026-11-20T21:03:30', '2026-11-20T21:03:30.000Z'],
])('%s', (_form, raw, expected) => {
  const { ms, source } = readCollectionTime(raw, received, new Deviations())
  expect({ time: new Date(ms).toISOString(), source }).toEqual({ time: expected, source: 'report' })
})

test.each([
  ['absent', undefined],
  ['an uptime', 91753967],
  ['zero', 0],
  ['negative', -1364529149],
  ['beyond all epochs', 1e17],
  ['a bigint', 2n ** 64n],
  ['unknown time', '0001-01-01T00:00:00Z'],
  ['time since boot', '0001-01-03T03:04:05'],
  ['empty', ''],
  ['words', 'yesterday'],
  ['a day that is none', '2026-13-45T00:00:00Z'],
])('%s: the time of arrival', (_form, raw) => {
  expect(readCollectionTime(raw, received, new Deviations())).toMatchObject({
    ms: received,
    source: 'received',
  })
})
