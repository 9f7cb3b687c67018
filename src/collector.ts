import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import type { Config } from './config/config.ts'
import { DeadLetters } from './dead-letter/dead-letters.ts'
import { createAdminServer } from './http/admin-server.ts'
import { createDeviceServer } from './http/device-server.ts'
import { Controller } from './partition/controller.ts'
import { connectSink } from './produce/connect.ts'
import { ProducerPool } from './produce/producer-pool.ts'
import { SinkHealth } from './produce/sink-health.ts'
import { Quarantine } from './quarantine/quarantine.ts'
import { PartitionQueue } from './queue/partition-queue.ts'
import { type SinkEntry, sinks } from './sinks/registry.ts'
import type { Sink } from './sinks/sink.ts'
import { LogSampler, type Logger } from './telemetry/logger.ts'
import { createMetrics } from './telemetry/metrics.ts'

/** The collector: all stages of the road, built, started and closed in order. */
export class Collector {
  readonly metrics
  readonly #config: Config
  readonly #logger: Logger
  readonly #sink: Sink
  readonly #health = new SinkHealth()
  readonly #sampler = new LogSampler()
  readonly #quarantine: Quarantine
  readonly #deadLetters: DeadLetters
  readonly #admin: FastifyInstance
  /** Aborted when work must end, done or not. */
  readonly #stop = new AbortController()
  #queues: readonly PartitionQueue[] = []
  #pool: ProducerPool | undefined
  #device: FastifyInstance | undefined
  #started = false
  #closing = false

  constructor(config: Config, version: string, sink: Sink, logger: Logger) {
    this.#config = config
    this.#logger = logger
    this.#sink = sink
    this.metrics = createMetrics(version)
    this.#quarantine = new Quarantine(config.quarantine)
    this.#deadLetters = new DeadLetters(config.deadLetter)
    this.#admin = createAdminServer({
      metrics: () => this.#scrape(),
      metricsType: this.metrics.registry.contentType,
      problems: () => this.#problems(),
    })
  }

  /** Loads the sink that the configuration names, and only that. */
  static async create(config: Config, version: string, logger: Logger): Promise<Collector> {
    const entry: SinkEntry = sinks[config.sink.sink]
    const sink = await entry.open(config.sinkConfig, { logger })
    return new Collector(config, version, sink, logger)
  }

  /**
   * Opens the admin port, connects the sink for as long as that takes, opens the device port.
   * @throws errors of listening; the reason of close() if that comes first
   */
  async start(): Promise<void> {
    const { http, decode, produce, quarantine } = this.#config
    await this.#admin.listen({ host: http.adminHost, port: http.adminPort })
    const partitions = await connectSink(
      this.#sink,
      this.#health,
      produce,
      this.#logger,
      this.#stop.signal,
    )
    this.#queues = this.#createQueues(partitions)
    this.#pool = new ProducerPool(this.#queues, {
      config: produce,
      sink: this.#sink,
      health: this.#health,
      deadLetters: this.#deadLetters,
      metrics: this.metrics,
      logger: this.#logger,
      sampler: this.#sampler,
      signal: this.#stop.signal,
    })
    this.#device = createDeviceServer(http, {
      config: http,
      decodeConfig: decode,
      onMalformed: quarantine.onMalformed,
      controller: new Controller(this.#queues),
      quarantine: this.#quarantine,
      metrics: this.metrics,
      logger: this.#logger,
      sampler: this.#sampler,
    })
    await this.#device.listen({ host: http.host, port: http.port })
    this.#started = true
    this.#logger.info(
      { device: this.deviceAddress, admin: this.adminAddress, partitions: this.#queues.length },
      'collector is ready',
    )
  }

  /** Where the device port listens; undefined until it does. */
  get deviceAddress(): AddressInfo | undefined {
    return this.#device && addressOf(this.#device)
  }

  get adminAddress(): AddressInfo | undefined {
    return addressOf(this.#admin)
  }

  /**
   * Unready, no new connections, finish what was admitted, close the sink; at the deadline all
   * that is left is given up.
   * @returns how many reports were admitted and not delivered
   */
  async close(): Promise<number> {
    this.#closing = true
    if (!this.#started) this.#stop.abort(new Error('the collector was closed while starting'))
    const deadline = setTimeout(() => {
      this.#stop.abort(new Error('the shutdown deadline has passed'))
      this.#device?.server.closeAllConnections()
    }, this.#config.process.shutdownDeadlineMs)
    await this.#device?.close()
    const undelivered = (await this.#pool?.drain()) ?? 0
    await this.#sink.close(this.#stop.signal)
    await Promise.all([this.#quarantine.close(), this.#deadLetters.close()])
    await this.#admin.close()
    clearTimeout(deadline)
    return undelivered
  }

  #createQueues(partitions: readonly string[] | undefined): PartitionQueue[] {
    const { partitionCount, partitionQueueLimit, partitionQueueBytes } = this.#config.queue
    const ids = partitions ?? Array.from({ length: partitionCount }, (_, index) => String(index))
    return ids.map((id) => new PartitionQueue(id, partitionQueueLimit, partitionQueueBytes))
  }

  #problems() {
    const sinkProblem = this.#health.problem()
    return [
      ...(this.#closing ? [{ code: 'BDC_SHUTTING_DOWN', message: 'shutting down' }] : []),
      ...(sinkProblem === undefined
        ? []
        : [{ code: sinkProblem.code, message: sinkProblem.message }]),
      ...(this.#started || sinkProblem !== undefined
        ? []
        : [{ code: 'BDC_STARTING', message: 'the device port is not open yet' }]),
    ]
  }

  #scrape(): Promise<string> {
    for (const { partition, heldReports, heldBytes } of this.#queues) {
      this.metrics.queueReports.set({ partition }, heldReports)
      this.metrics.queueBytes.set({ partition }, heldBytes)
    }
    this.metrics.sinkUp.set(this.#health.problem() === undefined ? 1 : 0)
    return this.metrics.registry.metrics()
  }
}

function addressOf(app: FastifyInstance): AddressInfo | undefined {
  const address = app.addresses()[0]
  return typeof address === 'object' ? address : undefined
}
