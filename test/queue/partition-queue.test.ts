import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { Admission } from '../../src/queue/admission.ts'
import { type Entry, PartitionQueue } from '../../src/queue/partition-queue.ts'
import { buildReport } from '../report/build.ts'

const report = buildReport()

function entries(...sizes: number[]): Entry[] {
  const admission = new Admission(sizes.length)
  return sizes.map((sizeBytes) => ({ report, sizeBytes, admission }))
}

/** Takes one entry the way a producer does. */
async function take(queue: PartitionQueue): Promise<Entry | undefined> {
  while (await queue.ready()) {
    const entry = queue.peek()
    if (entry === undefined) continue
    queue.shift()
    return entry
  }
  return undefined
}

async function takeAll(queue: PartitionQueue, count: number): Promise<(Entry | undefined)[]> {
  const taken = []
  for (let left = count; left > 0; left -= 1) taken.push(await take(queue))
  return taken
}

describe('bounds', () => {
  test('by reports, exact at the edge', () => {
    const queue = new PartitionQueue('0', 3, 1_000)
    expect(queue.offer(entries(1, 1))).toBe(true)
    expect(queue.offer(entries(1, 1))).toBe(false)
    expect(queue.offer(entries(1))).toBe(true)
    expect(queue.offer(entries(0))).toBe(false)
    expect(queue).toMatchObject({ heldReports: 3, heldBytes: 3, waitingReports: 3 })
  })

  test('by bytes, exact at the edge', () => {
    const queue = new PartitionQueue('0', 10, 100)
    expect(queue.offer(entries(60))).toBe(true)
    expect(queue.offer(entries(41))).toBe(false)
    expect(queue.offer(entries(40))).toBe(true)
    expect(queue.offer(entries(1))).toBe(false)
    expect(queue).toMatchObject({ heldReports: 2, heldBytes: 100 })
  })

  test('all of the entries are taken in, or none', async () => {
    const queue = new PartitionQueue('0', 3, 100)
    const [first] = entries(10)
    if (first === undefined) throw new Error('no entry')
    queue.offer([first])
    expect(queue.offer(entries(10, 10, 10))).toBe(false)
    expect(queue.offer(entries(50, 41))).toBe(false)
    expect(queue).toMatchObject({ heldReports: 1, heldBytes: 10, waitingReports: 1 })
    expect(await take(queue)).toBe(first)
    expect(queue.peek()).toBeUndefined()
  })

  test('an empty queue takes what is beyond its limits, and then nothing until that is settled', () => {
    const queue = new PartitionQueue('0', 2, 100)
    const [first, ...others] = entries(100, 100, 100)
    if (first === undefined) throw new Error('no entry')
    expect(queue.offer([first, ...others])).toBe(true)
    expect(queue.offer(entries(1))).toBe(false)
    for (const entry of [first, ...others]) queue.settle(entry)
    expect(queue.offer(entries(1))).toBe(true)
  })

  test('capacity is held until the entry is settled, not until it is taken', async () => {
    const queue = new PartitionQueue('0', 1, 100)
    queue.offer(entries(100))
    const taken = await take(queue)
    if (taken === undefined) throw new Error('nothing to take')
    expect(queue).toMatchObject({ heldReports: 1, heldBytes: 100, waitingReports: 0 })
    expect(queue.offer(entries(1))).toBe(false)
    queue.settle(taken)
    expect(queue).toMatchObject({ heldReports: 0, heldBytes: 0, waitingReports: 0 })
    expect(queue.offer(entries(100))).toBe(true)
  })
})

test('a transfer is safe when the last of its entries is settled', async () => {
  const queue = new PartitionQueue('0', 10, 100)
  const offered = entries(1, 1, 1)
  queue.offer(offered)
  const safe = vi.fn()
  const done = offered[0]?.admission.safe.then(safe)
  for (const entry of offered.slice(1)) queue.settle(entry)
  await Promise.resolve()
  expect(safe).not.toHaveBeenCalled()
  for (const entry of offered.slice(0, 1)) queue.settle(entry)
  await done
  expect(safe).toHaveBeenCalledOnce()
})

test('first in, first out, far beyond one compaction', async () => {
  const queue = new PartitionQueue('0', 5_000, 5_000)
  const offered = entries(...Array.from({ length: 2_500 }, () => 1))
  const late = entries(...Array.from({ length: 2_500 }, () => 1))
  queue.offer(offered)
  const firstHalf = await takeAll(queue, 1_500)
  queue.offer(late)
  const secondHalf = await takeAll(queue, 3_500)
  expect(
    [...firstHalf, ...secondHalf].every((entry, i) => entry === [...offered, ...late][i]),
  ).toBe(true)
  expect(queue.waitingReports).toBe(0)
})

describe('takers', () => {
  test('several waiting takers share what comes in, each entry goes to one of them', async () => {
    const queue = new PartitionQueue('0', 10, 100)
    const takers = Array.from({ length: 5 }, () => take(queue))
    const early = entries(1, 2)
    const late = entries(3, 4, 5)
    queue.offer(early)
    await vi.waitFor(() => {
      expect(queue.waitingReports).toBe(0)
    })
    queue.offer(late)
    const taken = await Promise.all(takers)
    expect(taken.map((entry) => entry?.sizeBytes).toSorted()).toEqual([1, 2, 3, 4, 5])
  })

  test('a refused offer wakes nobody', async () => {
    const queue = new PartitionQueue('0', 1, 100)
    queue.offer(entries(1))
    await take(queue)
    const woken = vi.fn()
    const waiting = queue.ready().then(woken)
    expect(queue.offer(entries(1))).toBe(false)
    await new Promise(setImmediate)
    expect(woken).not.toHaveBeenCalled()
    queue.close()
    await waiting
    expect(woken).toHaveBeenCalledWith(false)
  })
})

test('gathering ends when the queue is full, however much was asked for', async () => {
  const queue = new PartitionQueue('0', 2, 100)
  const gathered = vi.fn()
  const gathering = queue.gather(1_000, 3_600_000).then(gathered)
  queue.offer(entries(1))
  await new Promise(setImmediate)
  expect(gathered).not.toHaveBeenCalled()
  queue.offer(entries(1))
  await gathering
})

describe('close', () => {
  test('takes in nothing more and hands out what is left', async () => {
    const queue = new PartitionQueue('0', 10, 100)
    const left = entries(1, 1)
    queue.offer(left)
    queue.close()
    expect(queue.offer(entries(1))).toBe(false)
    expect(await takeAll(queue, 3)).toEqual([...left, undefined])
    expect(await queue.ready()).toBe(false)
  })

  test('releases all waiting takers with nothing', async () => {
    const queue = new PartitionQueue('0', 10, 100)
    const takers = Array.from({ length: 3 }, () => queue.ready())
    queue.close()
    expect(await Promise.all(takers)).toEqual([false, false, false])
  })
})

test('property: any run of offers, takes and settles keeps to the model', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ offer: fc.array(fc.nat(40), { maxLength: 4 }) }) },
    { weight: 3, arbitrary: fc.constant('take' as const) },
    { weight: 3, arbitrary: fc.record({ settle: fc.nat() }) },
    { weight: 1, arbitrary: fc.constant('close' as const) },
  )
  const limits = fc.record({
    reports: fc.integer({ min: 1, max: 12 }),
    bytes: fc.integer({ min: 1, max: 150 }),
  })
  fc.assert(
    fc.property(limits, fc.array(step, { maxLength: 80 }), (limit, steps) => {
      const queue = new PartitionQueue('0', limit.reports, limit.bytes)
      const waiting: Entry[] = []
      const taken: Entry[] = []
      let closed = false
      const held = () => [...waiting, ...taken]
      const bytes = (some: readonly Entry[]) => some.reduce((sum, e) => sum + e.sizeBytes, 0)

      for (const step of steps) {
        if (step === 'close') {
          queue.close()
          closed = true
        } else if (step === 'take') {
          const expected = waiting.shift()
          expect(queue.peek()).toBe(expected)
          if (expected !== undefined) {
            queue.shift()
            taken.push(expected)
          }
        } else if ('offer' in step) {
          const offered = entries(...step.offer)
          const fits =
            !closed &&
            (held().length === 0 ||
              (held().length + offered.length <= limit.reports &&
                bytes(held()) + bytes(offered) <= limit.bytes))
          expect(queue.offer(offered)).toBe(fits)
          if (fits) waiting.push(...offered)
        } else if (taken.length > 0) {
          const [entry] = taken.splice(step.settle % taken.length, 1)
          if (entry !== undefined) queue.settle(entry)
        }
        expect(queue.waitingReports).toBe(waiting.length)
        expect(queue.heldReports).toBe(held().length)
        expect(queue.heldBytes).toBe(bytes(held()))
      }
    }),
    { numRuns: 300 },
  )
})
