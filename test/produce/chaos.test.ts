import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DeadLetters } from '../../src/dead-letter/dead-letters.ts'
import { OverloadError } from '../../src/errors.ts'
import { Controller } from '../../src/partition/controller.ts'
import { ProducerPool } from '../../src/produce/producer-pool.ts'
import { type Entry, PartitionQueue } from '../../src/queue/partition-queue.ts'
import type { Report } from '../../src/report/report.ts'
import type { Transfer } from '../../src/report/transfer.ts'
import { type TestDirectory, createTestDirectory } from '../ndjson/directory.ts'
import { buildDevice, buildReport, buildTransfer } from '../report/build.ts'
import { type ChaosFault, ChaosSink, chaosFaults, mulberry32, unsendable } from '../sinks/chaos.ts'
import { buildContext, hasty } from './context.ts'

const seeds = [1, 7, 42, 1_234, 20_250_101]
const devices = 8
const partitions = 3
const limitReports = 24
const transfers = 120

let directory: TestDirectory

beforeEach(async () => {
  directory = await createTestDirectory()
})

afterEach(async () => {
  await directory[Symbol.asyncDispose]()
})

/** Says of each settled report whether it was safe by then, and how full the queue ever was. */
class WatchedQueue extends PartitionQueue {
  readonly settledTooSoon: string[] = []
  readonly settled: string[] = []
  isSafe: (id: string) => boolean = () => false
  peakReports = 0

  override offer(entries: readonly Entry[]): boolean {
    const admitted = super.offer(entries)
    this.peakReports = Math.max(this.peakReports, this.heldReports)
    return admitted
  }

  override settle(entry: Entry): void {
    const { id } = entry.report
    this.settled.push(id)
    if (!this.isSafe(id)) this.settledTooSoon.push(id)
    super.settle(entry)
  }
}

class WatchedDeadLetters extends DeadLetters {
  readonly ids = new Set<string>()

  override async keep(...[report, reason]: Parameters<DeadLetters['keep']>): Promise<void> {
    await super.keep(report, reason)
    this.ids.add(report.id)
  }
}

/** Transfers of one to three reports, each device counting its own. */
function createTransfers(seed: number, unsendableShare: number): Transfer[] {
  const random = mulberry32(seed)
  const counters = new Map<string, number>()
  return Array.from({ length: transfers }, () => {
    const device = buildDevice(`S${Math.floor(random() * devices)}`)
    const reports = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
      const count = (counters.get(device.serialNumber) ?? 0) + 1
      counters.set(device.serialNumber, count)
      return buildReport({
        id: `${device.serialNumber}/${count}`,
        device,
        attributes: random() < unsendableShare ? unsendable : {},
      })
    })
    return buildTransfer(reports)
  })
}

interface ChaosRun {
  readonly seed: number
  readonly faults: Readonly<Partial<Record<ChaosFault, number>>>
  readonly unsendableShare?: number
  readonly producers?: number
}

/** Sends a fleet's transfers through real queues and producers into a chaos sink, to the end. */
async function runChaos({ seed, faults, unsendableShare = 0, producers = 1 }: ChaosRun) {
  const sink = new ChaosSink({ seed, faults, stallMs: 30, maxBatchReports: 6, maxInFlight: 2 })
  const dead = new WatchedDeadLetters({
    deadLetterDir: directory.path,
    deadLetterMaxBytes: 2 ** 30,
  })
  const queues = Array.from({ length: partitions }, (_, index) => {
    const queue = new WatchedQueue(String(index), limitReports, 2 ** 20)
    queue.isSafe = (id) => sink.deliveredIds.has(id) || dead.ids.has(id)
    return queue
  })
  const pool = new ProducerPool(
    queues,
    buildContext(sink, directory.path, {
      deadLetters: dead,
      config: { ...hasty, partitionProducersCount: producers, writeTimeoutMs: 15 },
    }),
  )
  const controller = new Controller(queues)
  const admitted: Report[] = []
  const underWay = new Set<Promise<void>>()
  let refused = 0
  for (const transfer of createTransfers(seed, unsendableShare)) {
    const admit = async () => {
      for (;;)
        try {
          return controller.admit(transfer)
        } catch (error) {
          if (!(error instanceof OverloadError)) throw error
          refused += 1
          await Promise.race(underWay)
        }
    }
    const { safe } = await admit()
    admitted.push(...transfer.reports)
    const done = safe.then(() => {
      underWay.delete(done)
    })
    underWay.add(done)
  }
  const undelivered = await pool.drain()
  await Promise.all(underWay)
  await sink.close()
  await dead.close()
  return { sink, dead, queues, admitted, undelivered, refused }
}

type Outcome = Awaited<ReturnType<typeof runChaos>>

/** What holds whatever the sink does. */
async function expectNothingLost({ sink, dead, queues, admitted, undelivered, refused }: Outcome) {
  expect(admitted.filter(({ id }) => !sink.deliveredIds.has(id) && !dead.ids.has(id))).toEqual([])
  expect(queues.flatMap(({ settledTooSoon }) => settledTooSoon)).toEqual([])
  expect(queues.flatMap(({ settled }) => settled).toSorted()).toEqual(
    admitted.map(({ id }) => id).toSorted(),
  )
  expect(undelivered).toBe(0)
  for (const { heldReports, heldBytes, waitingReports, peakReports } of queues) {
    expect({ heldReports, heldBytes, waitingReports }).toEqual({
      heldReports: 0,
      heldBytes: 0,
      waitingReports: 0,
    })
    expect(peakReports).toBeLessThanOrEqual(limitReports)
  }
  expect(refused).toBeGreaterThan(0)
  const onDisk = (await directory.lines()).map(
    (line) => (JSON.parse(line) as { Event: { Id: string } }).Event.Id,
  )
  expect(onDisk.toSorted()).toEqual([...dead.ids].toSorted())
}

/** The ids by device, in the order given, each id once. */
function byDevice(ids: Iterable<string>): Record<string, string[]> {
  const lists: Record<string, string[]> = {}
  for (const id of new Set(ids)) (lists[id.split('/')[0] ?? ''] ??= []).push(id)
  return lists
}

const idsOf = (reports: readonly Report[]) => reports.map(({ id }) => id)

describe.each(seeds)('seed %i', (seed) => {
  const everything = {
    fail: 0.1,
    'fail-split': 0.08,
    'fail-oddly': 0.08,
    stall: 0.04,
    'stall-deaf': 0.06,
    'reject-some': 0.15,
    'deliver-and-fail': 0.1,
  } as const

  test('all faults: nothing is lost, and first deliveries keep the order of a device', async () => {
    const run = await runChaos({ seed, faults: everything, unsendableShare: 0.05 })
    await expectNothingLost(run)
    const { sink, dead, admitted } = run
    expect([...sink.befell.keys()].toSorted()).toEqual(chaosFaults.toSorted())
    for (const { id, attributes } of admitted)
      if (attributes === unsendable) {
        expect(dead.ids).toContain(id)
        expect(sink.deliveredIds).not.toContain(id)
      }
    // A dead letter may still arrive, late, by a write that nobody waits for any more.
    const steady = (id: string) =>
      sink.deliveredIds.has(id) && !sink.rejectedIds.has(id) && !dead.ids.has(id)
    expect(byDevice(sink.delivered.map(({ id }) => id).filter(steady))).toEqual(
      byDevice(idsOf(admitted).filter(steady)),
    )
  })

  test('all faults, several producers per partition: nothing is lost', async () => {
    const run = await runChaos({ seed, faults: everything, unsendableShare: 0.05, producers: 3 })
    await expectNothingLost(run)
  })

  test('whole-batch failures alone: each report once, in the strict order of its device', async () => {
    const run = await runChaos({ seed, faults: { fail: 0.3, 'fail-oddly': 0.15, stall: 0.05 } })
    await expectNothingLost(run)
    const { sink, dead, admitted } = run
    expect(dead.ids.size).toBe(0)
    expect(sink.delivered).toHaveLength(admitted.length)
    expect(byDevice(sink.delivered.map(({ id }) => id))).toEqual(byDevice(idsOf(admitted)))
  })
})

test('all devices of a partition share its order, and no device has two partitions', async () => {
  const run = await runChaos({ seed: 3, faults: { fail: 0.2 } })
  const partitionOf = new Map(
    run.queues.flatMap(({ settled }, index) => settled.map((id) => [id, index] as const)),
  )
  const keys = new Map<string, Set<number | undefined>>()
  for (const { id, device } of run.admitted) {
    const of = keys.get(device.key) ?? new Set()
    keys.set(device.key, of.add(partitionOf.get(id)))
  }
  expect([...keys.values()].map(({ size }) => size)).toEqual([...keys].map(() => 1))
  for (const index of run.queues.keys()) {
    const here = (id: string) => partitionOf.get(id) === index
    expect(run.sink.delivered.map(({ id }) => id).filter(here)).toEqual(
      idsOf(run.admitted).filter(here),
    )
  }
})
