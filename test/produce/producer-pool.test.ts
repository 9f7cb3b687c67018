import { getEventListeners } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SinkError, type Verdict } from '../../src/errors.ts'
import type { ProduceConfig } from '../../src/produce/config.ts'
import type { ProducerContext } from '../../src/produce/producer.ts'
import { ProducerPool } from '../../src/produce/producer-pool.ts'
import { Admission } from '../../src/queue/admission.ts'
import { PartitionQueue } from '../../src/queue/partition-queue.ts'
import type { Report } from '../../src/report/report.ts'
import type { Rejection } from '../../src/sinks/sink.ts'
import { type TestDirectory, createTestDirectory } from '../ndjson/directory.ts'
import { buildReport, buildReports } from '../report/build.ts'
import { ScriptedSink } from '../sinks/scripted.ts'
import { buildContext, hasty } from './context.ts'

let directory: TestDirectory
let queues: PartitionQueue[]
let context: Omit<ProducerContext, 'inFlight'>

beforeEach(async () => {
  directory = await createTestDirectory()
  queues = Array.from({ length: 3 }, (_, index) => new PartitionQueue(`p${index}`, 1_000, 2 ** 20))
})

afterEach(async () => {
  await context.deadLetters.close()
  await directory[Symbol.asyncDispose]()
})

function startPool(
  sink: ScriptedSink,
  config: Partial<ProduceConfig> = {},
  given: Partial<typeof context> = {},
): ProducerPool {
  context = buildContext(sink, directory.path, { config: { ...hasty, ...config }, ...given })
  return new ProducerPool(queues, context)
}

/** Admits reports to a partition; they are safe when the promise resolves. */
function admit(reports: readonly Report[], partition = 0): Promise<void> {
  const admission = new Admission(reports.length)
  const admitted = queues[partition]?.offer(
    reports.map((report) => ({ report, sizeBytes: 10, admission })),
  )
  if (admitted !== true) throw new Error(`partition ${partition} did not take the reports`)
  return admission.safe
}

const heldReports = () => queues.map((queue) => queue.heldReports)
const ids = (...numbers: number[]) => numbers.map((number) => `report-${number}`)
const writtenIds = (sink: ScriptedSink) => sink.writes.map((write) => write.ids)
const soon = (check: () => void) => vi.waitFor(check, { interval: 1, timeout: 5_000 })

const reject = (verdict: Verdict, ...indexes: number[]): Rejection[] =>
  indexes.map((index) => ({ index, verdict, code: 'BDC_SINK_TEST', message: verdict }))

const fail = (verdict: Verdict) => {
  throw new SinkError(verdict, 'BDC_SINK_TEST', verdict)
}

const deadLetters = async () =>
  (await directory.lines()).map((line) => {
    const { Code, Reason, Event } = JSON.parse(line) as Record<string, unknown> & {
      Event: { Id: string }
    }
    return [Event.Id, Code, Reason]
  })

const metricOf = async (name: string) =>
  (await context.metrics.registry.getSingleMetric(name)?.get())?.values.map(
    ({ labels, value }) => [labels, value] as const,
  )

describe('a batch', () => {
  test('is what gathered meanwhile, at most so many reports, in order', async () => {
    const sink = new ScriptedSink({ maxBatchReports: 3 })
    const safe = admit(buildReports(7))
    await startPool(sink).drain()
    await safe
    expect(writtenIds(sink)).toEqual([ids(1, 2, 3), ids(4, 5, 6), ids(7)])
  })

  test('is at most so many bytes, exact at the edge; one report alone may be more', async () => {
    const sink = new ScriptedSink({ maxBatchBytes: 100 })
    const sizes: Record<string, number> = {
      'report-1': 60,
      'report-2': 40,
      'report-3': 60,
      'report-4': 41,
      'report-5': 500,
      'report-6': 1,
    }
    sink.sizeOf = ({ id }) => sizes[id] ?? 0
    const encode = vi.spyOn(sink, 'encode')
    void admit(buildReports(6))
    await startPool(sink).drain()
    expect(encode).toHaveBeenCalledTimes(6)
    expect(writtenIds(sink)).toEqual([ids(1, 2), ids(3), ids(4), ids(5), ids(6)])
  })

  test('waits LINGER_MS for more', async () => {
    const sink = new ScriptedSink()
    const pool = startPool(sink, { lingerMs: 30 })
    const first = admit([buildReport({ id: 'report-1' })])
    await new Promise(setImmediate)
    expect(sink.writes).toEqual([])
    void admit([buildReport({ id: 'report-2' })])
    await first
    expect(writtenIds(sink)).toEqual([ids(1, 2)])
    await pool.drain()
  })

  test('waits no longer than until it is full, and not at all once the pool drains', async () => {
    const sink = new ScriptedSink({ maxBatchReports: 2 })
    const pool = startPool(sink, { lingerMs: 3_600_000 })
    const first = admit(buildReports(1, { id: 'first' }))
    await new Promise(setImmediate)
    expect(sink.writes).toEqual([])
    void admit(buildReports(1, { id: 'second' }))
    await first
    void admit(buildReports(1, { id: 'last' }))
    await new Promise(setImmediate)
    expect(await pool.drain()).toBe(0)
    expect(writtenIds(sink)).toEqual([['first-1', 'second-1'], ['last-1']])
  })

  test('that is full already does not wait', async () => {
    const sink = new ScriptedSink({ maxBatchReports: 2 })
    const safe = admit(buildReports(4))
    const pool = startPool(sink, { lingerMs: 3_600_000 })
    await safe
    await pool.drain()
    expect(writtenIds(sink)).toEqual([ids(1, 2), ids(3, 4)])
  })

  test('carries the index of its partition', async () => {
    const sink = new ScriptedSink()
    void admit([buildReport({ id: 'zero' })], 0)
    void admit([buildReport({ id: 'two' })], 2)
    await startPool(sink).drain()
    expect(sink.writes.map(({ partition, ids }) => [partition, ...ids])).toEqual([
      [0, 'zero'],
      [2, 'two'],
    ])
  })
})

describe('settlement', () => {
  test('comes with the acknowledgement and not before', async () => {
    const sink = new ScriptedSink()
    const acknowledged = Promise.withResolvers<[]>()
    sink.answer = () => acknowledged.promise
    const settled = vi.fn()
    const safe = admit(buildReports(2)).then(settled)
    const pool = startPool(sink)
    await soon(() => {
      expect(sink.writes).toHaveLength(1)
    })
    expect(heldReports()).toEqual([2, 0, 0])
    expect(settled).not.toHaveBeenCalled()
    acknowledged.resolve([])
    await safe
    expect(heldReports()).toEqual([0, 0, 0])
    expect(await pool.drain()).toBe(0)
  })

  test('one partition that stands still does not hold up the others', async () => {
    const sink = new ScriptedSink()
    const acknowledged = Promise.withResolvers<[]>()
    sink.answer = ({ partition }) => (partition === 0 ? acknowledged.promise : [])
    const stuck = admit(buildReports(1), 0)
    const pool = startPool(sink)
    await admit(buildReports(3), 1)
    await admit(buildReports(3), 2)
    expect(heldReports()).toEqual([1, 0, 0])
    acknowledged.resolve([])
    await stuck
    await pool.drain()
  })
})

describe('a failed write', () => {
  test.each(['retry', 'fatal'] as const)('%s: the same batch is written again', async (verdict) => {
    const sink = new ScriptedSink()
    sink.answer = (_, before) => (before < 3 ? fail(verdict) : [])
    void admit(buildReports(2))
    const pool = startPool(sink)
    expect(await pool.drain()).toBe(0)
    expect(writtenIds(sink)).toEqual([ids(1, 2), ids(1, 2), ids(1, 2), ids(1, 2)])
    expect(await metricOf('bdc_sink_retries_total')).toEqual([[{ reason: 'BDC_SINK_TEST' }, 3]])
  })

  test('later reports wait behind it', async () => {
    const sink = new ScriptedSink()
    sink.answer = (_, before) => (before === 0 ? fail('retry') : [])
    void admit(buildReports(1, { id: 'early' }))
    const pool = startPool(sink)
    await soon(() => {
      expect(sink.writes.length).toBeGreaterThan(0)
    })
    void admit(buildReports(1, { id: 'late' }))
    await pool.drain()
    expect(writtenIds(sink)).toEqual([['early-1'], ['early-1'], ['late-1']])
  })

  test('what is no SinkError is written again, too, also when it was thrown at once', async () => {
    const sink = new ScriptedSink()
    vi.spyOn(sink, 'write')
      .mockImplementationOnce(() => {
        throw new TypeError('x is undefined')
      })
      .mockRejectedValueOnce('a text')
    void admit(buildReports(1))
    expect(await startPool(sink).drain()).toBe(0)
    expect(writtenIds(sink)).toEqual([ids(1)])
    expect(await metricOf('bdc_sink_retries_total')).toEqual([
      [{ reason: 'BDC_SINK_UNEXPECTED' }, 2],
    ])
  })

  test('drop: each report of the batch is a dead letter', async () => {
    const sink = new ScriptedSink()
    sink.answer = () => fail('drop')
    const safe = admit(buildReports(2))
    expect(await startPool(sink).drain()).toBe(0)
    await safe
    expect(sink.writes).toHaveLength(1)
    expect(await deadLetters()).toEqual([
      ['report-1', 'BDC_SINK_TEST', 'drop'],
      ['report-2', 'BDC_SINK_TEST', 'drop'],
    ])
    expect(await metricOf('bdc_dead_lettered_total')).toEqual([[{ code: 'BDC_SINK_TEST' }, 2]])
  })

  test('split: in halves, and those in halves, until the one that is too large is found', async () => {
    const sink = new ScriptedSink()
    sink.answer = ({ ids }) => (ids.includes('report-4') ? fail('split') : [])
    void admit(buildReports(5))
    expect(await startPool(sink).drain()).toBe(0)
    expect(writtenIds(sink)).toEqual([ids(1, 2, 3, 4, 5), ids(1, 2, 3), ids(4, 5), ids(4), ids(5)])
    expect(await deadLetters()).toEqual([['report-4', 'BDC_SINK_TEST', 'split']])
  })
})

describe('rejections by index', () => {
  test('only the rejected reports are written again, in order', async () => {
    const sink = new ScriptedSink()
    const answers = [reject('retry', 3, 0, 2), reject('fatal', 1)]
    sink.answer = (_, before) => answers[before] ?? []
    void admit(buildReports(5))
    await startPool(sink).drain()
    expect(writtenIds(sink)).toEqual([ids(1, 2, 3, 4, 5), ids(1, 3, 4), ids(3)])
  })

  test('each is treated by its own verdict', async () => {
    const sink = new ScriptedSink()
    const answers = [[...reject('drop', 1), ...reject('split', 2), ...reject('retry', 0, 3)]]
    sink.answer = (_, before) => answers[before] ?? []
    void admit(buildReports(5))
    await startPool(sink).drain()
    expect(writtenIds(sink)).toEqual([ids(1, 2, 3, 4, 5), ids(1, 3), ids(4)])
    expect(await deadLetters()).toEqual([['report-2', 'BDC_SINK_TEST', 'drop']])
  })

  test('what was acknowledged beside them is settled at once', async () => {
    const sink = new ScriptedSink()
    const mended = Promise.withResolvers<[]>()
    sink.answer = (_, before) => (before === 0 ? reject('retry', 1) : mended.promise)
    void admit(buildReports(3))
    const pool = startPool(sink)
    await soon(() => {
      expect(heldReports()).toEqual([1, 0, 0])
    })
    mended.resolve([])
    await pool.drain()
    expect(await metricOf('bdc_partition_reports_total')).toContainEqual([{ partition: 'p0' }, 3])
    expect(await metricOf('bdc_partition_batches_total')).toContainEqual([{ partition: 'p0' }, 2])
  })
})

describe('a write without an answer', () => {
  test('is given up after WRITE_TIMEOUT_MS: its signal is aborted, the batch written again', async () => {
    const sink = new ScriptedSink()
    sink.answer = (_, before) => (before === 0 ? new Promise<[]>(() => undefined) : [])
    void admit(buildReports(2))
    expect(await startPool(sink, { writeTimeoutMs: 10 }).drain()).toBe(0)
    expect(writtenIds(sink)).toEqual([ids(1, 2), ids(1, 2)])
    expect(sink.writes.map(({ signal }) => signal.aborted)).toEqual([true, false])
    expect(await metricOf('bdc_sink_retries_total')).toEqual([[{ reason: 'BDC_SINK_TIMEOUT' }, 1]])
  })

  test('an answer that comes too late settles nothing twice', async () => {
    const sink = new ScriptedSink()
    const late = Promise.withResolvers<[]>()
    sink.answer = (_, before) => {
      if (before === 0) return late.promise
      late.resolve([])
      return []
    }
    const pool = startPool(sink, { writeTimeoutMs: 10 })
    await admit(buildReports(2))
    await pool.drain()
    expect(heldReports()).toEqual([0, 0, 0])
    expect(await metricOf('bdc_partition_reports_total')).toContainEqual([{ partition: 'p0' }, 2])
  })
})

describe('the signal of a write', () => {
  test('is the same until it was aborted, and then another', async () => {
    const sink = new ScriptedSink({ maxBatchReports: 1 })
    sink.answer = (_, before) => (before === 1 ? new Promise<[]>(() => undefined) : [])
    void admit(buildReports(3))
    await startPool(sink, { writeTimeoutMs: 10 }).drain()
    const [first, second, again, third] = sink.writes.map(({ signal }) => signal)
    expect(second).toBe(first)
    expect(again).not.toBe(first)
    expect(third).toBe(again)
  })

  test('costs the pool one listener per producer, also where the sink throws at once', async () => {
    const sink = new ScriptedSink()
    const { signal } = new AbortController()
    vi.spyOn(sink, 'write').mockImplementationOnce(() => {
      throw new TypeError('x is undefined')
    })
    const pool = startPool(sink, {}, { signal })
    await admit(buildReports(1))
    expect(getEventListeners(signal, 'abort')).toHaveLength(queues.length)
    await pool.drain()
  })
})

describe('concurrency', () => {
  /** Holds every write until release(). */
  function createHeldSink(maxInFlight = Infinity) {
    const sink = new ScriptedSink({ maxInFlight, maxBatchReports: 1 })
    const gate = Promise.withResolvers<[]>()
    let under = 0
    const peak = { writes: 0 }
    sink.answer = async () => {
      peak.writes = Math.max(peak.writes, (under += 1))
      const rejections = await gate.promise
      under -= 1
      return rejections
    }
    return {
      sink,
      peak,
      release: () => {
        gate.resolve([])
      },
    }
  }

  test('one producer per partition writes one batch at a time', async () => {
    const { sink, peak, release } = createHeldSink()
    void admit(buildReports(5))
    const pool = startPool(sink)
    await soon(() => {
      expect(sink.writes).toHaveLength(1)
    })
    release()
    await pool.drain()
    expect(peak.writes).toBe(1)
    expect(writtenIds(sink)).toEqual([1, 2, 3, 4, 5].map((number) => ids(number)))
  })

  test('several producers per partition write several, each report in one of them', async () => {
    const { sink, peak, release } = createHeldSink()
    void admit(buildReports(5))
    const pool = startPool(sink, { partitionProducersCount: 3 })
    await soon(() => {
      expect(sink.writes).toHaveLength(3)
    })
    release()
    await pool.drain()
    expect(peak.writes).toBe(3)
    expect(writtenIds(sink).flat().toSorted()).toEqual(ids(1, 2, 3, 4, 5))
  })

  test("the sink's limit holds across all partitions, and nobody is forgotten", async () => {
    const { sink, peak, release } = createHeldSink(2)
    for (const partition of queues.keys())
      void admit(buildReports(2, { id: `p${partition}` }), partition)
    const pool = startPool(sink)
    await soon(() => {
      expect(sink.writes).toHaveLength(2)
    })
    release()
    expect(await pool.drain()).toBe(0)
    expect(peak.writes).toBe(2)
    expect(sink.writes).toHaveLength(6)
  })
})

describe('a report that cannot be encoded', () => {
  test.each([
    [new SinkError('drop', 'BDC_SINK_NAME', 'no such topic'), 'BDC_SINK_NAME', 'no such topic'],
    [new RangeError('Invalid time value'), 'BDC_SINK_ENCODE', 'RangeError: Invalid time value'],
  ])('is a dead letter: %s', async (error, code, message) => {
    const sink = new ScriptedSink()
    sink.sizeOf = ({ id }) => {
      if (id === 'report-1' || id === 'report-3' || id === 'report-5') throw error
      return 1
    }
    const safe = admit(buildReports(5))
    expect(await startPool(sink).drain()).toBe(0)
    await safe
    expect(writtenIds(sink)).toEqual([ids(2), ids(4)])
    expect(await deadLetters()).toEqual(
      [1, 3, 5].map((number) => [`report-${number}`, code, message]),
    )
  })
})

test('while no dead letter can be kept its partition stands still, and loses nothing', async () => {
  const sink = new ScriptedSink()
  sink.answer = ({ ids }) => (ids.includes('dead') ? fail('drop') : [])
  await directory[Symbol.asyncDispose]()
  await writeFile(directory.path, 'in the way')
  context = buildContext(sink, join(directory.path, 'dead-letter'))
  const kept = vi.spyOn(context.deadLetters, 'keep')
  const pool = new ProducerPool(queues, context)
  const dead = admit([buildReport({ id: 'dead' })])
  await soon(() => {
    expect(kept.mock.calls.length).toBeGreaterThan(2)
  })
  void admit([buildReport({ id: 'behind' })])
  await admit([buildReport({ id: 'elsewhere' })], 1)
  expect(heldReports()).toEqual([2, 0, 0])
  expect(writtenIds(sink)).toEqual([['dead'], ['elsewhere']])
  await rm(directory.path)
  await dead
  expect(await pool.drain()).toBe(0)
  expect(writtenIds(sink).at(-1)).toEqual(['behind'])
  expect(await deadLetters()).toEqual([['dead', 'BDC_SINK_TEST', 'drop']])
})

describe('health', () => {
  test('a fatal failure is told at once and forgotten with the next acknowledgement', async () => {
    const sink = new ScriptedSink()
    const mended = Promise.withResolvers<[]>()
    sink.answer = (_, before) => (before === 0 ? fail('fatal') : mended.promise)
    const safe = admit(buildReports(1))
    const pool = startPool(sink)
    context.health.connected()
    await soon(() => {
      expect(sink.writes).toHaveLength(2)
    })
    expect(context.health.problem()).toMatchObject({ code: 'BDC_SINK_TEST', verdict: 'fatal' })
    mended.resolve([])
    await safe
    expect(context.health.problem()).toBeUndefined()
    await pool.drain()
  })

  test('reports that are dead or too large say nothing of the sink', async () => {
    const sink = new ScriptedSink()
    sink.answer = (_, before) => fail(before === 0 ? 'drop' : 'split')
    const pool = startPool(sink)
    context.health.connected()
    await admit(buildReports(1))
    await admit(buildReports(2))
    await pool.drain()
    expect(context.health.problem(Date.now() + 3_600_000)).toBeUndefined()
  })
})

describe('drain', () => {
  test('takes in nothing more and delivers what was admitted', async () => {
    const sink = new ScriptedSink({ maxBatchReports: 1 })
    const pool = startPool(sink)
    const safe = [0, 1, 2].map((partition) => admit(buildReports(4), partition))
    const drained = pool.drain()
    expect(() => admit(buildReports(1))).toThrow('did not take')
    expect(await drained).toBe(0)
    await Promise.all(safe)
    expect(sink.writes).toHaveLength(12)
  })

  test.each([
    ['an unanswered write', () => new Promise<[]>(() => undefined)],
    ['a wait for the next try', () => fail('retry')],
  ])('ends at the signal, in the middle of %s, and counts what is left', async (_, answer) => {
    const sink = new ScriptedSink({ maxBatchReports: 2 })
    const abort = new AbortController()
    sink.answer = ({ partition }) => (partition === 1 ? [] : answer())
    const hour = 3_600_000
    const pool = startPool(
      sink,
      { writeTimeoutMs: hour, retryMinMs: hour, retryMaxMs: hour },
      { signal: abort.signal },
    )
    void admit(buildReports(3), 0)
    await admit(buildReports(3), 1)
    const drained = pool.drain()
    await soon(() => {
      expect(sink.writes.some(({ partition }) => partition === 0)).toBe(true)
    })
    abort.abort()
    expect(await drained).toBe(3)
  })

  test('ends at the signal for writes that never began, too', async () => {
    const sink = new ScriptedSink({ maxInFlight: 1 })
    const abort = new AbortController()
    sink.answer = () => new Promise<[]>(() => undefined)
    for (const partition of queues.keys()) void admit(buildReports(1), partition)
    const drained = startPool(sink, { writeTimeoutMs: 3_600_000 }, { signal: abort.signal }).drain()
    await soon(() => {
      expect(sink.writes).toHaveLength(1)
    })
    abort.abort()
    expect(await drained).toBe(3)
    expect(sink.writes).toHaveLength(1)
  })

  test('ends at the signal also where dead letters cannot be kept', async () => {
    const sink = new ScriptedSink()
    const abort = new AbortController()
    sink.answer = () => fail('drop')
    context = buildContext(sink, directory.path, { signal: abort.signal })
    const keep = vi.spyOn(context.deadLetters, 'keep').mockRejectedValue(new Error('disk full'))
    const pool = new ProducerPool(queues, context)
    void admit(buildReports(1))
    const drained = pool.drain()
    await soon(() => {
      expect(keep).toHaveBeenCalled()
    })
    abort.abort()
    expect(await drained).toBe(1)
  })
})
