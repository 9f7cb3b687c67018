import { setTimeout as delay } from 'node:timers/promises'
import type { DeadLetters } from '../dead-letter/dead-letters.ts'
import { SinkError } from '../errors.ts'
import type { Entry, PartitionQueue } from '../queue/partition-queue.ts'
import type { Encoded, Rejection, Sink } from '../sinks/sink.ts'
import type { Logger, LogSampler } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { ProduceConfig } from './config.ts'
import type { InFlight } from './in-flight.ts'
import { actionFor, backoffMs, rejectAll } from './retry.ts'
import type { SinkHealth } from './sink-health.ts'

/** What all producers of a pool share. */
export interface ProducerContext {
  readonly config: ProduceConfig
  readonly sink: Sink
  readonly inFlight: InFlight
  readonly health: SinkHealth
  readonly deadLetters: DeadLetters
  readonly metrics: Metrics
  readonly logger: Logger
  readonly sampler: LogSampler
  /** Ends all work at once; what is not settled by then never will be. */
  readonly signal: AbortSignal
}

/** An entry, encoded and on its way. */
interface Item {
  readonly entry: Entry
  readonly encoded: Encoded<unknown>
}

/**
 * Takes from one partition's queue, encodes, writes, settles; one batch at a time, so that with
 * one producer per partition the order of admission is the order of delivery. While a write is
 * under way the next batch gathers in the queue.
 */
export class Producer {
  readonly #queue: PartitionQueue
  readonly #partition: number
  readonly #context: ProducerContext
  readonly #batches: { inc(): void }
  readonly #reports: { inc(by: number): void }
  /** Of the writes: making one for each costs more than a small write, so it lasts until aborted. */
  #attempt = new AbortController()
  /** What was encoded for a batch that had no room for it; another producer may have taken it. */
  #overflow: Item | undefined
  /** Ends the write under way. */
  #giveUp: ((error: SinkError) => void) | undefined

  constructor(queue: PartitionQueue, partition: number, context: ProducerContext) {
    this.#queue = queue
    this.#partition = partition
    this.#context = context
    this.#batches = context.metrics.batches.labels(queue.partition)
    this.#reports = context.metrics.reports.labels(queue.partition)
    context.signal.addEventListener('abort', () => this.#giveUp?.(shuttingDown()), { once: true })
  }

  /** Runs until the queue is closed and drained, or the signal. */
  async run(): Promise<void> {
    const { config, signal, sink } = this.#context
    while (!signal.aborted && (await this.#queue.ready())) {
      if (config.lingerMs > 0)
        await this.#queue.gather(sink.limits.maxBatchReports, config.lingerMs)
      const items = await this.#fillBatch()
      if (items.length > 0) await this.#deliver(items)
    }
  }

  /** Takes and encodes from the head of the queue what fits into one batch. */
  async #fillBatch(): Promise<Item[]> {
    const { sink } = this.#context
    const { maxBatchReports, maxBatchBytes } = sink.limits
    const items: Item[] = []
    let batchBytes = 0
    while (items.length < maxBatchReports) {
      const entry = this.#queue.peek()
      if (entry === undefined) break
      let item: Item
      try {
        item = this.#encode(entry)
      } catch (error) {
        if (items.length > 0) break
        this.#queue.shift()
        await this.#bury(entry, encodeFailure(error))
        continue
      }
      batchBytes += item.encoded.sizeBytes
      if (items.length > 0 && batchBytes > maxBatchBytes) {
        this.#overflow = item
        break
      }
      this.#queue.shift()
      items.push(item)
    }
    return items
  }

  #encode(entry: Entry): Item {
    const overflow = this.#overflow
    this.#overflow = undefined
    return overflow?.entry === entry
      ? overflow
      : { entry, encoded: this.#context.sink.encode(entry.report) }
  }

  /** Writes until each item is settled, however often that takes. */
  async #deliver(items: readonly Item[]): Promise<void> {
    const { config, signal } = this.#context
    let pending = items
    for (let attempt = 1; pending.length > 0 && !signal.aborted; attempt += 1) {
      const rejections = await this.#write(pending)
      if (rejections.length < pending.length) attempt = 1
      const rejected = await this.#settle(pending, rejections)
      if (rejected.halves) {
        const middle = Math.ceil(rejected.items.length / 2)
        await this.#deliver(rejected.items.slice(0, middle))
        await this.#deliver(rejected.items.slice(middle))
        return
      }
      pending = rejected.items
      if (pending.length > 0) await pause(backoffMs(attempt, config), signal)
    }
  }

  /** One try: what was not acknowledged. */
  async #write(items: readonly Item[]): Promise<readonly Rejection[]> {
    const { health, inFlight, metrics, signal } = this.#context
    const batch = { partition: this.#partition, items: items.map(({ encoded }) => encoded) }
    let rejections: readonly Rejection[]
    const endTimer = metrics.sinkWriteDuration.startTimer()
    try {
      rejections = await inFlight.run(() => this.#writeInTime(batch))
    } catch (error) {
      rejections = rejectAll(error, items.length)
    }
    endTimer()
    const acknowledged = items.length - rejections.length
    if (acknowledged > 0) {
      health.acknowledged()
      this.#batches.inc()
      this.#reports.inc(acknowledged)
    }
    if (rejections.length > 0 && !signal.aborted) this.#tell(rejections, items.length)
    return rejections
  }

  async #writeInTime(batch: Parameters<Sink['write']>[0]): Promise<readonly Rejection[]> {
    const { config, sink, signal } = this.#context
    if (signal.aborted) throw shuttingDown()
    if (this.#attempt.signal.aborted) this.#attempt = new AbortController()
    const timer = setTimeout(() => {
      this.#giveUp?.(
        new SinkError(
          'retry',
          'BDC_SINK_TIMEOUT',
          `no acknowledgement within ${config.writeTimeoutMs} ms`,
        ),
      )
    }, config.writeTimeoutMs)
    try {
      return await new Promise((resolve, reject) => {
        this.#giveUp = (error) => {
          reject(error)
          this.#attempt.abort(error)
        }
        sink.write(batch, this.#attempt.signal).then(resolve, reject)
      })
    } finally {
      clearTimeout(timer)
      this.#giveUp = undefined
    }
  }

  /** Settles what was acknowledged, buries what is dead, gives back the rest in order. */
  async #settle(
    items: readonly Item[],
    rejections: readonly Rejection[],
  ): Promise<{ items: Item[]; halves: boolean }> {
    const byIndex = new Map(rejections.map((rejection) => [rejection.index, rejection]))
    const rest: Item[] = []
    let halves = false
    for (const [index, item] of items.entries()) {
      const rejection = byIndex.get(index)
      if (rejection === undefined) {
        this.#queue.settle(item.entry)
        continue
      }
      const action = actionFor(rejection, items.length)
      if (action === 'dead-letter') await this.#bury(item.entry, rejection)
      else rest.push(item)
      halves ||= action === 'write-in-halves'
    }
    return { items: rest, halves }
  }

  /** Keeps a dead report; as long as that fails the partition stands still rather than lose it. */
  async #bury(entry: Entry, reason: { code: string; message: string }): Promise<void> {
    const { config, deadLetters, logger, metrics, sampler, signal } = this.#context
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await deadLetters.keep(entry.report, reason)
        metrics.deadLettered.inc({ code: reason.code })
        const sampled = sampler.admit(`dead-letter ${reason.code}`)
        if (sampled !== undefined)
          logger.error({ ...reason, ...sampled, id: entry.report.id }, 'report is a dead letter')
        this.#queue.settle(entry)
        return
      } catch (error) {
        if (sampler.admit('dead-letter failed') !== undefined)
          logger.error({ err: error }, 'dead letter cannot be kept, its partition stands still')
        await pause(backoffMs(attempt, config), signal)
      }
    }
  }

  #tell(rejections: readonly Rejection[], batchReports: number): void {
    const { health, logger, metrics, sampler } = this.#context
    const [worst = { code: 'BDC_SINK_UNEXPECTED', message: '', verdict: 'retry' } as const] =
      rejections.toSorted((a, b) => severity[b.verdict] - severity[a.verdict])
    const { code, message, verdict } = worst
    if (verdict === 'drop') return
    metrics.sinkRetries.inc({ reason: code })
    // A sink that finds a batch too large is up.
    if (rejections.length === batchReports && verdict !== 'split')
      health.failed({ code, message, verdict })
    const sampled = sampler.admit(`sink ${code}`)
    if (sampled !== undefined)
      logger.warn(
        { code, verdict, reports: rejections.length, partition: this.#queue.partition, ...sampled },
        `sink did not take a batch: ${message}`,
      )
  }
}

const severity = { drop: 0, split: 1, retry: 2, fatal: 3 } as const

/** A report that cannot be encoded would fail for ever: a bug of the sink is no reason to stop. */
function encodeFailure(error: unknown): { code: string; message: string } {
  return error instanceof SinkError
    ? { code: error.code, message: error.message }
    : { code: 'BDC_SINK_ENCODE', message: String(error) }
}

const shuttingDown = () => new SinkError('retry', 'BDC_SINK_ABORTED', 'shutting down')

const pause = (ms: number, signal: AbortSignal) =>
  delay(ms, undefined, { signal }).catch(() => undefined)
