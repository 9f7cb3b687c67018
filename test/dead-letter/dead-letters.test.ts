import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DeadLetters } from '../../src/dead-letter/dead-letters.ts'
import { type TestDirectory, createTestDirectory } from '../ndjson/directory.ts'
import { buildReport } from '../report/build.ts'
import { eventOf, parseEvent } from '../report/event-object.ts'

let directory: TestDirectory

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2025, 0, 1, 12) })
  directory = await createTestDirectory()
})

afterEach(async () => {
  vi.useRealTimers()
  await directory[Symbol.asyncDispose]()
})

test('keeps a line per report: when and why it died, and its event untouched', async () => {
  const letters = new DeadLetters({ deadLetterDir: directory.path, deadLetterMaxBytes: 2 ** 20 })
  const report = buildReport({
    parameters: [{ name: '__proto__', value: 18_446_744_073_709_551_615n, type: undefined }],
  })
  await letters.keep(report, { code: 'BDC_SINK_TEST', message: 'too "large"\nby far' })
  await letters.keep(buildReport(), { code: 'BDC_SINK_TEST', message: '' })
  await letters.close()
  const lines = await directory.lines()
  expect(lines).toHaveLength(2)
  const [head = '', event = ''] = lines[0]?.split(',"Event":') ?? []
  expect(JSON.parse(`${head}}`)).toEqual({
    DeadTime: '2025-01-01T12:00:00.000Z',
    Code: 'BDC_SINK_TEST',
    Reason: 'too "large"\nby far',
  })
  expect(parseEvent(event.slice(0, -1))).toEqual(eventOf(report))
})

test('keeps who sent a report that has no event', async () => {
  const letters = new DeadLetters({ deadLetterDir: directory.path, deadLetterMaxBytes: 2 ** 20 })
  const { device, id } = buildReport()
  await letters.keep(buildReport({ collectionTimeMs: NaN }), {
    code: 'BDC_SINK_ENCODE',
    message: 'RangeError: Invalid time value',
  })
  await letters.close()
  expect((await directory.lines()).map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      DeadTime: '2025-01-01T12:00:00.000Z',
      Code: 'BDC_SINK_ENCODE',
      Reason: 'RangeError: Invalid time value',
      Event: {
        OUI: device.oui,
        ProductClass: device.productClass,
        SerialNumber: device.serialNumber,
        EndpointID: device.endpointId,
        Id: id,
      },
    },
  ])
})

test('keeps nothing past its limit rather than something', async () => {
  const letters = new DeadLetters({ deadLetterDir: directory.path, deadLetterMaxBytes: 100 })
  await expect(
    letters.keep(buildReport(), { code: 'BDC_SINK_TEST', message: 'dropped' }),
  ).rejects.toThrow('of at most 100 bytes')
  expect(await directory.content()).toBe('')
  await letters.close()
})
