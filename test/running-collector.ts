import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { Collector } from '../src/collector.ts'
import { type Env, readConfig } from '../src/config/config.ts'
import { MemorySink } from '../src/sinks/memory/sink.ts'
import type { Sink } from '../src/sinks/sink.ts'

/** A whole collector on free ports of the loopback, with directories of its own. */
export interface RunningCollector extends AsyncDisposable {
  readonly collector: Collector
  readonly directory: string
  /** The device port's base URL, without a path. */
  readonly url: string
  readonly port: number
  readonly adminUrl: string
  /** The value of a metric, labels as in the exposition: `bdc_x_total{outcome="y"}`. */
  metric(series: string): Promise<number>
  /** The lines kept in quarantine, parsed. */
  quarantined(): Promise<Record<string, unknown>[]>
}

export async function runCollector(
  env: Env = {},
  sink: Sink = new MemorySink(1_000),
): Promise<RunningCollector> {
  const directory = await mkdtemp(join(tmpdir(), 'bdc-'))
  const config = readConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    QUARANTINE_DIR: join(directory, 'quarantine'),
    DEAD_LETTER_DIR: join(directory, 'dead-letter'),
    FILE_DIR: join(directory, 'reports'),
    ...env,
  })
  const collector = new Collector(config, 'test', sink, pino({ level: 'silent' }))
  await collector.start()
  const port = collector.deviceAddress?.port ?? 0
  const adminUrl = `http://127.0.0.1:${collector.adminAddress?.port ?? 0}`
  return {
    collector,
    directory,
    port,
    url: `http://127.0.0.1:${port}`,
    adminUrl,
    async metric(series) {
      const page = await (await fetch(`${adminUrl}/metrics`)).text()
      const line = page.split('\n').find((line) => line.startsWith(`${series} `))
      return Number(line?.slice(series.length + 1) ?? 0)
    },
    quarantined: () => readLines(join(directory, 'quarantine')),
    async [Symbol.asyncDispose]() {
      await collector.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** All NDJSON lines below a directory, in the order in which they were written. */
export async function readLines(directory: string): Promise<Record<string, unknown>[]> {
  const entries = await readdir(directory, { recursive: true, encoding: 'utf8' }).catch(() => [])
  const files = entries.filter((entry) => entry.endsWith('.ndjson')).sort()
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')))
  return texts
    .flatMap((text) => text.split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
