import type { Config } from './config/config.ts'
import { DeadLetters } from './dead-letter/dead-letters.ts'
import { Controller } from './partition/controller.ts'
import { connectSink } from './produce/connect.ts'
import { ProducerPool } from './produce/producer-pool.ts'
import { SinkHealth } from './produce/sink-health.ts'
import { PartitionQueue } from './queue/partition-queue.ts'
import { type SinkEntry, sinks } from './sinks/registry.ts'
import type { Sink } from './sinks/sink.ts'
import type { LogSampler, Logger } from './telemetry/logger.ts'
import type { Metrics } from './telemetry/metrics.ts'

/** What the stages of a collector share. */
export interface PipelineContext {
  readonly metrics: Metrics
  readonly logger: Logger
  readonly sampler: LogSampler
}

/** The second half of the road: controller → queues → producers → sink. */
export class Pipeline {
  readonly health = new SinkHealth()
  readonly #config: Config
  readonly #sink: Sink
  readonly #context: PipelineContext
  readonly #deadLetters: DeadLetters
  /** Aborted when work must end, done or not. */
  readonly #stop = new AbortController()
  #queues: readonly PartitionQueue[] = []
  #pool: ProducerPool | undefined

  constructor(config: Config, sink: Sink, context: PipelineContext) {
    this.#config = config
    this.#sink = sink
    this.#context = context
    this.#deadLetters = new DeadLetters(config.deadLetter)
  }

  get partitions(): number {
    return this.#queues.length
  }

  /**
   * Connects the sink for as long as that takes and starts the producers.
   * @throws the reason of stop() if that comes first
   */
  async connect(): Promise<Controller> {
    const { produce, queue } = this.#config
    const { signal } = this.#stop
    const ids = await connectSink(this.#sink, this.health, produce, this.#context.logger, signal)
    const lanes = Array.from({ length: queue.partitionCount }, (_, index) => String(index))
    this.#queues = (ids ?? lanes).map(
      (id) => new PartitionQueue(id, queue.partitionQueueLimit, queue.partitionQueueBytes),
    )
    this.#pool = new ProducerPool(this.#queues, {
      ...this.#context,
      config: produce,
      sink: this.#sink,
      health: this.health,
      deadLetters: this.#deadLetters,
      signal,
    })
    return new Controller(this.#queues)
  }

  /** Gives up all that is under way. */
  stop(reason: string): void {
    this.#stop.abort(new Error(reason))
  }

  /**
   * Delivers what was admitted, as long as it is not stopped, and closes the sink.
   * @returns how many reports were admitted and not delivered
   */
  async close(): Promise<number> {
    const undelivered = (await this.#pool?.drain()) ?? 0
    await this.#sink.close(this.#stop.signal)
    await this.#deadLetters.close()
    return undelivered
  }

  /** Brings the metrics up to date that are read rather than counted. */
  measure(): void {
    const { metrics } = this.#context
    for (const { partition, heldReports, heldBytes } of this.#queues) {
      metrics.queueReports.set({ partition }, heldReports)
      metrics.queueBytes.set({ partition }, heldBytes)
    }
    metrics.sinkUp.set(this.health.problem() === undefined ? 1 : 0)
  }
}

/** Loads the sink that the configuration names, and only that. */
export async function openSink(config: Config, logger: Logger): Promise<Sink> {
  const entry: SinkEntry = sinks[config.sink.sink]
  return entry.open(config.sinkConfig, { logger })
}
