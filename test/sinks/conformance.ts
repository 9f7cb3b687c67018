import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SinkError } from '../../src/errors.ts'
import type { Report } from '../../src/report/report.ts'
import type { Batch, Rejection, Sink } from '../../src/sinks/sink.ts'
import { buildDevice, buildParameters, buildReport, buildReports } from '../report/build.ts'
import { eventOf } from '../report/event-object.ts'

/** A sink before connect(), and a view of what its destination has. */
export interface OpenedSink {
  readonly sink: Sink
  /** All that arrived, in the order of arrival; also after the sink is closed. */
  delivered(): Promise<readonly unknown[]>
  /** Ends the destination; the sink is closed already. */
  dispose(): PromiseLike<void>
}

/** How the suite gets hold of a sink and its destination: a fake port, or the real thing. */
export interface SinkHarness {
  readonly name: string
  /** A new sink with a new and empty destination. */
  open(): Promise<OpenedSink>
  /** What delivered() must hold for a report; the canonical event (eventOf) where it is not said. */
  readonly expected?: (report: Report) => unknown
  /** A report larger than this may be refused, but never cut short. */
  readonly maxReportBytes?: number
}

const signal = new AbortController().signal

/** What the destination of any sink may rely on, and its producers. */
export function conformance(harness: SinkHarness): void {
  const { expected = eventOf, maxReportBytes = Infinity } = harness

  describe(`conformance of the ${harness.name} sink`, () => {
    let opened: OpenedSink
    let sink: Sink

    beforeEach(async () => {
      opened = await harness.open()
      sink = opened.sink
    })

    afterEach(async () => {
      await sink.close(signal)
      await opened.dispose()
    })

    const batchOf = (reports: readonly Report[], partition = 0): Batch<unknown> => ({
      partition,
      items: reports.map((report) => sink.encode(report)),
    })
    const write = (reports: readonly Report[], partition = 0) =>
      sink.write(batchOf(reports, partition), signal)

    /** Writes, and looks at once: an acknowledgement that comes before the delivery is a lie. */
    async function deliver(reports: readonly Report[]): Promise<readonly unknown[]> {
      await sink.connect(signal)
      expect(await write(reports)).toEqual([])
      return opened.delivered()
    }

    test('has limits that let something through', () => {
      for (const limit of Object.values(sink.limits)) expect(limit).toBeGreaterThanOrEqual(1)
    })

    test('connects more than once, to the same partitions and without doubling anything', async () => {
      const partitions = await sink.connect(signal)
      expect(await sink.connect(signal)).toEqual(partitions)
      if (partitions !== undefined) expect(new Set(partitions).size).toBe(partitions.length)
      expect(await write([buildReport()])).toEqual([])
      expect(await opened.delivered()).toEqual([expected(buildReport())])
    })

    test('encodes purely: the same for the same, before connect() and after', async () => {
      const report = deepFreeze(buildReport({ parameters: exactParameters }))
      const before = sink.encode(report)
      await sink.connect(signal)
      const after = sink.encode(report)
      expect(after).toEqual(before)
      expect(await opened.delivered()).toEqual([])
    })

    test('encodes to a size that grows with the report', () => {
      const small = sink.encode(buildReport({ parameters: [] }))
      const large = sink.encode(reportOfBytes(64 * 2 ** 10))
      expect(small.sizeBytes).toBeGreaterThan(0)
      expect(large.sizeBytes).toBeGreaterThan(small.sizeBytes + 64 * 2 ** 10)
    })

    test('a batch arrives whole, in order, and by the time it is acknowledged', async () => {
      const reports = buildReports(Math.min(100, sink.limits.maxBatchReports))
      expect(await deliver(reports)).toEqual(reports.map(expected))
    })

    test('one batch after the other arrives in order', async () => {
      const reports = buildReports(20)
      await sink.connect(signal)
      for (const [index, report] of reports.entries()) {
        expect(await write([report])).toEqual([])
        expect(await opened.delivered()).toHaveLength(index + 1)
      }
      expect(await opened.delivered()).toEqual(reports.map(expected))
    })

    test('batches of several partitions written at once all arrive, each in order', async () => {
      const partitions = await sink.connect(signal)
      const lanes = Math.min(partitions?.length ?? 8, 8, sink.limits.maxInFlight)
      const perLane = Array.from({ length: lanes }, (_, lane) =>
        buildReports(25, { id: `lane${lane}`, device: buildDevice(`S${lane}`) }),
      )
      expect(await Promise.all(perLane.map((reports, lane) => write(reports, lane)))).toEqual(
        perLane.map(() => []),
      )
      const delivered = await opened.delivered()
      expect(delivered).toHaveLength(25 * lanes)
      for (const reports of perLane) {
        const wanted = reports.map(expected)
        expect(delivered.filter((event) => includes(wanted, event))).toEqual(wanted)
      }
    })

    test('64-bit integers stay exact', async () => {
      const report = buildReport({ parameters: exactParameters })
      expect(await deliver([report])).toEqual([expected(report)])
    })

    test('values keep their types', async () => {
      const report = buildReport({
        parameters: buildParameters({
          text: 'true',
          numeral: '0042',
          empty: '',
          yes: true,
          no: false,
          nothing: null,
          zero: 0,
          negative: -1,
          fraction: 0.1,
          tiny: 5e-324,
          huge: 1.7976931348623157e308,
        }),
      })
      expect(await deliver([report])).toEqual([expected(report)])
    })

    test('any text is carried: unicode, control characters, quotes, line ends', async () => {
      const texts = ['é東📡', '\0\x01\x1f\x7f', '"\\/', 'a\nb\r\n\u2028\u2029', '\ufeff', "'; --"]
      const report = buildReport({
        device: {
          oui: '00256D',
          productClass: 'Ü"\n',
          serialNumber: '東\\',
          endpointId: 'os::\t',
          key: '00256D-Ü"\n-東\\',
        },
        parameters: texts.map((text) => ({ name: `Name ${text}`, value: text, type: undefined })),
        attributes: { 'ключ"\n': 'значение\n' },
      })
      expect(await deliver([report])).toEqual([expected(report)])
    })

    test('names that mean something to JavaScript are names like any other', async () => {
      const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '']
      const report = buildReport({
        parameters: names.map((name) => ({ name, value: name.length, type: undefined })),
        attributes: Object.fromEntries(names.map((name) => [name, 'attribute'])),
      })
      expect(await deliver([report])).toEqual([expected(report)])
    })

    test('a report without parameters or identity is a report', async () => {
      const report = buildReport({
        device: { oui: '', productClass: '', serialNumber: '', endpointId: '', key: '192.0.2.1' },
        parameters: [],
        collectionTimeSource: 'received',
      })
      expect(await deliver([report])).toEqual([expected(report)])
    })

    test('a report of 2 MiB arrives whole, or is refused where the destination has a limit', async () => {
      const report = reportOfBytes(2 * 2 ** 20)
      await sink.connect(signal)
      const refusal = await refusalOf(() => write([report]))
      if (refusal === undefined) expect(await opened.delivered()).toEqual([expected(report)])
      else {
        expect(maxReportBytes).toBeLessThan(2 * 2 ** 20)
        expect(refusal).toMatch(/^(drop|split)$/)
        expect(await opened.delivered()).toEqual([])
      }
    })

    test('a repeated batch may arrive twice, but never harms', async () => {
      const report = buildReport()
      await sink.connect(signal)
      await write([report])
      expect(await write([report])).toEqual([])
      const delivered = await opened.delivered()
      expect(delivered.length).toBeGreaterThanOrEqual(1)
      expect(delivered.every((event) => includes([expected(report)], event))).toBe(true)
    })

    test(
      'a write whose signal is aborted, before or meanwhile, ends',
      { timeout: 5_000 },
      async () => {
        await sink.connect(signal)
        const during = new AbortController()
        const writes = [
          sink.write(batchOf([buildReport({ id: 'before' })]), AbortSignal.abort()),
          sink.write(batchOf([buildReport({ id: 'during' })]), during.signal),
        ]
        during.abort()
        await Promise.allSettled(writes)
        expect(await write([buildReport({ id: 'after' })])).toEqual([])
        const delivered = await opened.delivered()
        expect(includes(delivered, expected(buildReport({ id: 'after' })))).toBe(true)
      },
    )

    test('close() is idempotent', async () => {
      await sink.connect(signal)
      await write([buildReport()])
      await Promise.all([sink.close(signal), sink.close(signal)])
      await sink.close(signal)
      expect(await opened.delivered()).toEqual([expected(buildReport())])
    })

    test('close() is legal before connect()', async () => {
      await sink.close(signal)
      expect(await opened.delivered()).toEqual([])
    })

    test('close() ends with a signal that is aborted already', { timeout: 5_000 }, async () => {
      await sink.connect(signal)
      await sink.close(AbortSignal.abort())
    })

    test('nothing is delivered after close(), nor said to be', async () => {
      await sink.connect(signal)
      const batch = batchOf([buildReport()])
      await sink.close(signal)
      expect(await refusalOf(() => sink.write(batch, signal))).toBeDefined()
      expect(await opened.delivered()).toEqual([])
    })
  })
}

const exactParameters = buildParameters({
  maxUnsignedLong: 18_446_744_073_709_551_615n,
  minLong: -9_223_372_036_854_775_808n,
  maxLong: 9_223_372_036_854_775_807n,
  beyondDouble: 9_007_199_254_740_993n,
  maxSafe: Number.MAX_SAFE_INTEGER,
})

const reportOfBytes = (bytes: number): Report =>
  buildReport({
    parameters: Array.from({ length: Math.ceil(bytes / 1_024) }, (_, index) => ({
      name: `Device.Large.${index}.Text`,
      value: `${index}:`.padEnd(1_024, 'x'),
      type: undefined,
    })),
  })

/** The verdict on the first report of a batch that was not acknowledged; undefined if it was. */
async function refusalOf(work: () => Promise<readonly Rejection[]>): Promise<string | undefined> {
  try {
    return (await work())[0]?.verdict
  } catch (error) {
    if (error instanceof SinkError) return error.verdict
    throw error
  }
}

const includes = (events: readonly unknown[], wanted: unknown) =>
  events.some((event) => JSON.stringify(event, printable) === JSON.stringify(wanted, printable))

const printable = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
