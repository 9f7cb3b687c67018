import autocannon from 'autocannon'
import { type RecordableHistogram, createHistogram } from 'node:perf_hooks'
import { cpuMicroseconds } from './process-usage.ts'
import type { Case } from './reports.ts'
import type { Server } from './server.ts'

export interface LoadOptions {
  readonly seconds: number
  readonly connections: number
}

/** What one server did in one round. */
export interface Round {
  readonly requestsPerSecond: number
  /** In microseconds. */
  readonly latency: RecordableHistogram
  /** Of the server, for one request; undefined where it cannot be read. */
  readonly cpuMicroseconds: number | undefined
  /** How much of one core the server used: far below 1, the load generator was the limit. */
  readonly cores: number | undefined
}

/**
 * Posts a case's uploads over keep-alive connections, one request at a time on each, as fast as
 * the answers come. Every connection has its own share of the devices.
 * @throws Error if any answer was not 2xx, or none came
 */
export async function load(server: Server, { name, headers, uploads }: Case, options: LoadOptions) {
  const latency = createHistogram({ highest: 120_000_000 })
  let answers = 0
  let firstMs = 0
  let lastMs = 0
  let connection = 0
  const letSleep = keepAwake()
  const cpuBefore = cpuMicroseconds(server.pid)
  const result = await autocannon({
    url: `http://127.0.0.1:${server.port}`,
    method: 'POST',
    headers,
    connections: options.connections,
    duration: options.seconds,
    sampleInt: 50,
    setupClient: (client) => {
      const own = uploads.filter((_, device) => device % options.connections === connection)
      connection += 1
      client.setRequests(own.map(({ path, body }) => ({ path, body })))
      client.on('response', (_status, _bytes, milliseconds) => {
        lastMs = performance.now()
        if (answers === 0) firstMs = lastMs
        answers += 1
        latency.record(Math.max(1, Math.round(milliseconds * 1000)))
      })
    },
  })
  letSleep()
  const cpuAfter = cpuMicroseconds(server.pid)
  if (result.non2xx + result.errors + result.timeouts > 0 || answers < 2)
    throw new Error(
      `${name}: ${answers} answers, ${result.non2xx} of them not 2xx, ` +
        `${result.errors} errors, ${result.timeouts} timeouts`,
    )
  const cpu = cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore
  const elapsedMs = lastMs - firstMs
  return {
    requestsPerSecond: ((answers - 1) / elapsedMs) * 1000,
    latency,
    cpuMicroseconds: cpu && cpu / answers,
    cores: cpu && cpu / 1000 / elapsedMs,
  } satisfies Round
}

/**
 * Keeps this process polling its sockets: waking a sleeping peer costs the server that answers
 * it more than the rest of the answer (30 µs on a virtual machine), and only the slower server
 * would pay for that, since the faster one never lets this process sleep.
 */
function keepAwake(): () => void {
  let immediate = setImmediate(function poll() {
    immediate = setImmediate(poll)
  })
  return () => {
    clearImmediate(immediate)
  }
}
