import { describe, expect, test } from 'vitest'
import { OverloadError } from '../../src/errors.ts'
import { Controller } from '../../src/partition/controller.ts'
import { fnv1a32 } from '../../src/partition/partition-key.ts'
import { type Entry, PartitionQueue } from '../../src/queue/partition-queue.ts'
import { buildDevice, buildReport, buildReports, buildTransfer } from '../report/build.ts'

const createQueues = (count: number, limitReports = 10, limitBytes = 1_000) =>
  Array.from(
    { length: count },
    (_, index) => new PartitionQueue(String(index), limitReports, limitBytes),
  )

function createOne(limitReports: number, limitBytes: number) {
  const queue = new PartitionQueue('only', limitReports, limitBytes)
  return { queue, controller: new Controller([queue]) }
}

function drain(queue: PartitionQueue): Entry[] {
  const taken = []
  for (let entry = queue.peek(); entry !== undefined; entry = queue.peek()) {
    queue.shift()
    taken.push(entry)
  }
  return taken
}

const failureOf = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}

test('needs at least one partition', () => {
  expect(() => new Controller([])).toThrow(RangeError)
})

describe('the partition', () => {
  test('is that of the device key, in the order of the reports', () => {
    const queues = createQueues(8)
    const reports = buildReports(3)
    new Controller(queues).admit(buildTransfer(reports))
    const chosen = queues[fnv1a32('00256D-Z-Y') % 8]
    if (chosen === undefined) throw new Error('no such partition')
    expect(queues.filter(({ heldReports }) => heldReports > 0)).toEqual([chosen])
    expect(drain(chosen).map(({ report }) => report)).toEqual(reports)
  })

  test('of a USP device that sends only its EndpointID is that of the EndpointID alone', () => {
    const queues = createQueues(8)
    const key = 'os::00256D-Y'
    const device = { oui: '', productClass: '', serialNumber: '', endpointId: key, key }
    new Controller(queues).admit(buildTransfer([buildReport({ device })]))
    expect(queues.findIndex(({ heldReports }) => heldReports > 0)).toBe(fnv1a32(key) % 8)
  })

  test('stays the same however often a device reports', () => {
    const queues = createQueues(16, 100, 100_000)
    const controller = new Controller(queues)
    for (let round = 0; round < 20; round += 1) controller.admit(buildTransfer([buildReport()]))
    expect(queues.map(({ heldReports }) => heldReports).filter((held) => held > 0)).toEqual([20])
  })
})

describe('admission', () => {
  test('is safe once each report is settled', async () => {
    const { queue, controller } = createOne(10, 1_000)
    const { safe } = controller.admit(buildTransfer(buildReports(2)))
    const states: string[] = []
    const watching = safe.then(() => states.push('safe'))
    for (const entry of drain(queue)) {
      await Promise.resolve()
      expect(states).toEqual([])
      queue.settle(entry)
    }
    await watching
    expect(states).toEqual(['safe'])
  })

  test('shares the bytes of the transfer evenly, rounded up', () => {
    const { queue, controller } = createOne(10, 1_000)
    controller.admit(buildTransfer(buildReports(3), 100))
    expect(drain(queue).map(({ sizeBytes }) => sizeBytes)).toEqual([34, 34, 34])
    expect(queue.heldBytes).toBe(102)
  })
})

describe('BDC_QUEUE_FULL: room may come', () => {
  test('by reports, at the exact edge, and all or nothing', () => {
    const { queue, controller } = createOne(5, 10_000)
    controller.admit(buildTransfer(buildReports(3)))
    const failure = failureOf(() => controller.admit(buildTransfer(buildReports(3))))
    expect(failure).toBeInstanceOf(OverloadError)
    expect(failure).toMatchObject({ code: 'BDC_QUEUE_FULL' })
    expect(queue).toMatchObject({ heldReports: 3, waitingReports: 3, heldBytes: 300 })
    controller.admit(buildTransfer(buildReports(2)))
    expect(queue.heldReports).toBe(5)
  })

  test('by bytes, at the exact edge', () => {
    const { queue, controller } = createOne(100, 1_000)
    controller.admit(buildTransfer([buildReport()], 600))
    expect(() => controller.admit(buildTransfer([buildReport()], 401))).toThrow(OverloadError)
    controller.admit(buildTransfer([buildReport()], 400))
    expect(queue.heldBytes).toBe(1_000)
  })

  test('does not touch the other partitions', () => {
    const queues = createQueues(2, 1)
    const controller = new Controller(queues)
    const keyed = (partition: number) =>
      buildReport({
        device: buildDevice(
          ['a', 'b', 'c', 'd'].find((s) => fnv1a32(`00256D-Z-${s}`) % 2 === partition),
        ),
      })
    controller.admit(buildTransfer([keyed(0)]))
    expect(() => controller.admit(buildTransfer([keyed(0)]))).toThrow(OverloadError)
    controller.admit(buildTransfer([keyed(1)]))
    expect(queues.map(({ heldReports }) => heldReports)).toEqual([1, 1])
  })

  test('room comes when a report is settled', () => {
    const { queue, controller } = createOne(1, 1_000)
    controller.admit(buildTransfer([buildReport()]))
    const [entry] = drain(queue)
    expect(() => controller.admit(buildTransfer([buildReport()]))).toThrow(OverloadError)
    if (entry !== undefined) queue.settle(entry)
    controller.admit(buildTransfer([buildReport()]))
    expect(queue.heldReports).toBe(1)
  })
})

test('a transfer beyond the limits is admitted by an empty partition', () => {
  const { queue, controller } = createOne(5, 100)
  controller.admit(buildTransfer(buildReports(6), 1_000))
  expect(queue.heldReports).toBe(6)
  expect(() => controller.admit(buildTransfer([buildReport()]))).toThrow(OverloadError)
})
