import { setTimeout as delay } from 'node:timers/promises'
import { SinkError, type Verdict } from '../../src/errors.ts'
import { encodeEvent } from '../../src/report/event.ts'
import type { Report } from '../../src/report/report.ts'
import type { Batch, Encoded, Rejection, Sink } from '../../src/sinks/sink.ts'

/** What may befall a write, by what the producer gets to see. */
export const chaosFaults = [
  /** The whole batch fails and says so. */
  'fail',
  /** The whole batch is too large. */
  'fail-split',
  /** Something is thrown that is no SinkError, at times before write() returned. */
  'fail-oddly',
  /** No answer until the signal; then an error. */
  'stall',
  /** No answer, whatever the signal says; delivered long after nobody waits for it. */
  'stall-deaf',
  /** Some reports are rejected by index, the others delivered. */
  'reject-some',
  /** All is delivered, and an error thrown all the same. */
  'deliver-and-fail',
] as const
export type ChaosFault = (typeof chaosFaults)[number]

export interface ChaosOptions {
  readonly seed: number
  /** The share of writes, 0 to 1, that each fault befalls; all others are acknowledged. */
  readonly faults?: Readonly<Partial<Record<ChaosFault, number>>>
  /** How long a deaf stall lasts. */
  readonly stallMs?: number
  readonly maxBatchReports?: number
  readonly maxInFlight?: number
}

export interface ChaosPayload {
  readonly id: string
  readonly event: string
}

/** A report with this attribute can never be sent. */
export const unsendable = { chaos: 'unsendable' }

/**
 * A destination that fails in every way the contract allows and some that it does not. Each
 * partition draws from a sequence of its own, so that a seed means the same run on any machine.
 */
export class ChaosSink implements Sink<ChaosPayload> {
  readonly limits
  /** What arrived, in the order of arrival, repeats and all. */
  readonly delivered: ChaosPayload[] = []
  readonly deliveredIds = new Set<string>()
  /** The reports that were rejected by their index, whatever the verdict. */
  readonly rejectedIds = new Set<string>()
  /** How often each fault came. */
  readonly befell = new Map<ChaosFault, number>()
  readonly #options: ChaosOptions
  readonly #random = new Map<number, () => number>()
  readonly #late = new Set<Promise<void>>()
  #closed = false

  constructor(options: ChaosOptions) {
    this.#options = options
    this.limits = {
      maxBatchReports: options.maxBatchReports ?? 100,
      maxBatchBytes: 2 ** 20,
      maxInFlight: options.maxInFlight ?? Infinity,
    }
  }

  connect(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  encode(report: Report): Encoded<ChaosPayload> {
    if (report.attributes['chaos'] === unsendable.chaos)
      throw new SinkError('drop', 'BDC_SINK_CHAOS_UNSENDABLE', 'marked as unsendable')
    const event = encodeEvent(report)
    return { payload: { id: report.id, event }, sizeBytes: Buffer.byteLength(event) }
  }

  write(batch: Batch<ChaosPayload>, signal: AbortSignal): Promise<readonly Rejection[]> {
    const random = this.#randomOf(batch.partition)
    const fault = this.#draw(random())
    if (fault === 'fail-oddly' && random() < 0.5) throw new TypeError('thrown, not rejected')
    return this.#write(batch, signal, fault, random)
  }

  async #write(
    batch: Batch<ChaosPayload>,
    signal: AbortSignal,
    fault: ChaosFault | undefined,
    random: () => number,
  ): Promise<readonly Rejection[]> {
    await new Promise(setImmediate)
    if (this.#closed) throw new SinkError('retry', 'BDC_SINK_CLOSED', 'the sink is closed')
    switch (fault) {
      case 'fail':
        throw new SinkError('retry', 'BDC_SINK_CHAOS', 'failed')
      case 'fail-split':
        throw new SinkError('split', 'BDC_SINK_CHAOS_LARGE', 'too large')
      case 'fail-oddly':
        throw new RangeError('no SinkError')
      case 'stall':
        return stalled(signal)
      case 'stall-deaf':
        this.#deliverLate(batch)
        return new Promise(() => undefined)
      case 'reject-some':
        return this.#rejectSome(batch, random)
      case 'deliver-and-fail':
        this.#deliver(batch.items)
        throw new SinkError('retry', 'BDC_SINK_CHAOS_LIED', 'delivered all the same')
      case undefined:
        if (signal.aborted) return stalled(signal)
        this.#deliver(batch.items)
        return []
    }
  }

  /** Waits for what is still under way where nobody waits any more. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#late)
  }

  #rejectSome(batch: Batch<ChaosPayload>, random: () => number): Rejection[] {
    const rejections: Rejection[] = []
    const taken: Encoded<ChaosPayload>[] = []
    for (const [index, item] of batch.items.entries()) {
      if (random() < 0.5) {
        taken.push(item)
        continue
      }
      const verdict: Verdict = random() < 0.7 ? 'retry' : random() < 0.7 ? 'split' : 'drop'
      rejections.push({ index, verdict, code: 'BDC_SINK_CHAOS_REJECTED', message: verdict })
      this.rejectedIds.add(item.payload.id)
    }
    this.#deliver(taken)
    return rejections
  }

  #deliverLate(batch: Batch<ChaosPayload>): void {
    const late = delay(this.#options.stallMs ?? 50).then(() => {
      this.#deliver(batch.items)
      this.#late.delete(late)
    })
    this.#late.add(late)
  }

  #deliver(items: readonly Encoded<ChaosPayload>[]): void {
    for (const { payload } of items) {
      this.delivered.push(payload)
      this.deliveredIds.add(payload.id)
    }
  }

  #draw(point: number): ChaosFault | undefined {
    let sum = 0
    const fault = chaosFaults.find((name) => point < (sum += this.#options.faults?.[name] ?? 0))
    if (fault !== undefined) this.befell.set(fault, (this.befell.get(fault) ?? 0) + 1)
    return fault
  }

  #randomOf(partition: number): () => number {
    let random = this.#random.get(partition)
    if (random === undefined) {
      random = mulberry32(this.#options.seed * 1_000 + partition)
      this.#random.set(partition, random)
    }
    return random
  }
}

const stalled = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const fail = () => {
      reject(new SinkError('retry', 'BDC_SINK_CHAOS_STALLED', 'stalled'))
    }
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })

/** A small seeded generator: the same numbers from the same seed, 0 to 1. */
export function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
