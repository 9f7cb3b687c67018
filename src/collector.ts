import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import type { Config } from './config/config.ts'
import { createAdminServer } from './http/admin-server.ts'
import { createDeviceServer } from './http/device-server.ts'
import { type Knowledge, knowledgeOf } from './normalize/normalize.ts'
import { Pipeline, type PipelineContext } from './pipeline.ts'
import { Quarantine } from './quarantine/quarantine.ts'
import type { Sink } from './sinks/sink.ts'
import { LogSampler, type Logger } from './telemetry/logger.ts'
import { createMetrics } from './telemetry/metrics.ts'

/** The collector: all stages of the road, built, started and closed in order. */
export class Collector {
  readonly #config: Config
  readonly #context: PipelineContext
  readonly #knowledge: Knowledge
  readonly #pipeline: Pipeline
  readonly #quarantine: Quarantine
  readonly #admin: FastifyInstance
  #device: FastifyInstance | undefined
  #started = false
  #closing = false

  /** @throws ConfigError for a profiles file that cannot be used */
  constructor(config: Config, version: string, sink: Sink, logger: Logger) {
    this.#config = config
    this.#context = { metrics: createMetrics(version), logger, sampler: new LogSampler() }
    this.#knowledge = knowledgeOf(config.decode, config.normalize)
    this.#pipeline = new Pipeline(config, sink, this.#context)
    this.#quarantine = new Quarantine(config.quarantine)
    const { registry } = this.#context.metrics
    this.#admin = createAdminServer({
      metrics: () => {
        this.#pipeline.measure()
        return registry.metrics()
      },
      metricsType: registry.contentType,
      problems: () => this.#problems(),
    })
  }

  /**
   * Opens the admin port, connects the sink for as long as that takes, opens the device port.
   * @throws errors of listening; an error if close() comes first
   */
  async start(): Promise<void> {
    const { http, quarantine } = this.#config
    await this.#admin.listen({ host: http.adminHost, port: http.adminPort })
    this.#device = createDeviceServer(http, {
      ...this.#context,
      config: http,
      knowledge: this.#knowledge,
      onMalformed: quarantine.onMalformed,
      controller: await this.#pipeline.connect(),
      quarantine: this.#quarantine,
    })
    await this.#device.listen({ host: http.host, port: http.port })
    this.#started = true
    this.#context.logger.info(
      {
        device: this.deviceAddress,
        admin: this.adminAddress,
        partitions: this.#pipeline.partitions,
      },
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
    if (!this.#started) this.#pipeline.stop('the collector was closed while starting')
    const deadline = setTimeout(() => {
      this.#pipeline.stop('the shutdown deadline has passed')
      this.#device?.server.closeAllConnections()
      this.#admin.server.closeAllConnections()
    }, this.#config.process.shutdownDeadlineMs)
    await this.#device?.close()
    const undelivered = await this.#pipeline.close()
    await this.#quarantine.close()
    await this.#admin.close()
    clearTimeout(deadline)
    return undelivered
  }

  #problems() {
    const sink = this.#pipeline.health.problem()
    if (this.#closing) return [{ code: 'BDC_SHUTTING_DOWN', message: 'shutting down' }]
    if (sink !== undefined) return [{ code: sink.code, message: sink.message }]
    return this.#started ? [] : [{ code: 'BDC_STARTING', message: 'the device port is not open' }]
  }
}

function addressOf(app: FastifyInstance): AddressInfo | undefined {
  const address = app.addresses()[0]
  return typeof address === 'object' ? address : undefined
}
