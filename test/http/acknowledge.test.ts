import { describe, expect, test } from 'vitest'
import { SinkError } from '../../src/errors.ts'
import { MemorySink } from '../../src/sinks/memory/sink.ts'
import type { Batch, Rejection } from '../../src/sinks/sink.ts'
import { type RunningCollector, runCollector } from '../running-collector.ts'

/** A sink that takes nothing until it is opened. */
class GatedSink extends MemorySink {
  failure: SinkError | undefined
  #open!: () => void
  readonly #opened = new Promise<void>((resolve) => {
    this.#open = resolve
  })

  open(): void {
    this.#open()
  }

  override async write(batch: Batch<string>): Promise<readonly Rejection[]> {
    if (this.failure !== undefined) throw this.failure
    await this.#opened
    return super.write(batch)
  }
}

let serial = 0
const post = ({ url }: RunningCollector, sn = 'Y') =>
  fetch(`${url}/collector?oui=00256D&pc=Z&sn=${sn}`, {
    method: 'POST',
    body: `{"Report":[{"CollectionTime":1364529149,"n":${(serial += 1)}}]}`,
  })

const admitted = (running: RunningCollector) =>
  running.metric('bdc_partition_queue_reports{partition="0"}')

async function untilAdmitted(running: RunningCollector, reports: number): Promise<void> {
  while ((await admitted(running)) < reports) await new Promise(setImmediate)
}

describe('ACK_MODE=delivered', () => {
  test('answers 200 when the sink has acknowledged, and not before', async () => {
    const sink = new GatedSink(10)
    await using running = await runCollector({ PARTITION_COUNT: '1' }, sink)
    let answered = false
    const answer = post(running).finally(() => (answered = true))
    await untilAdmitted(running, 1)
    expect(answered).toBe(false)
    sink.open()
    expect((await answer).status).toBe(200)
    expect(sink.events).toHaveLength(1)
    expect(await admitted(running)).toBe(0)
  })

  test('answers 503 past the deadline; the report is delivered all the same', async () => {
    const sink = new GatedSink(10)
    await using running = await runCollector({ ACK_DEADLINE_MS: '30' }, sink)
    const late = await post(running)
    expect(late.status).toBe(503)
    expect(late.headers.get('retry-after')).toBe('30')
    expect(await late.json()).toMatchObject({ code: 'BDC_ACK_DEADLINE' })
    sink.open()
    await expect.poll(() => sink.events.length).toBe(1)
  })

  test('answers 503 when the partition is full, and counts it', async () => {
    const sink = new GatedSink(10)
    const limits = { PARTITION_COUNT: '1', PARTITION_QUEUE_LIMIT: '2' }
    await using running = await runCollector(limits, sink)
    const held = [post(running), post(running)]
    await untilAdmitted(running, 2)
    const refused = await post(running)
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ code: 'BDC_QUEUE_FULL' })
    expect(await running.metric('bdc_transfers_total{outcome="queue-full"}')).toBe(1)
    sink.open()
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200])
    expect((await post(running)).status).toBe(200)
  })

  test('a device whose retained reports outgrew the queue is served by an empty one', async () => {
    await using running = await runCollector({ PARTITION_QUEUE_LIMIT: '1' })
    const body = '{"Report":[{"a":1},{"a":2}]}'
    const { status } = await fetch(`${running.url}/collector`, { method: 'POST', body })
    expect(status).toBe(200)
  })
})

test('ACK_MODE=queued answers 200 on admission', async () => {
  const sink = new GatedSink(10)
  await using running = await runCollector({ ACK_MODE: 'queued', PARTITION_COUNT: '1' }, sink)
  expect((await post(running)).status).toBe(200)
  expect(sink.events).toHaveLength(0)
  expect(await admitted(running)).toBe(1)
  expect(await running.metric('bdc_transfers_total{outcome="queued"}')).toBe(1)
  sink.open()
  await expect.poll(() => sink.events.length).toBe(1)
})

describe('readiness', () => {
  const ready = async ({ adminUrl }: RunningCollector) => {
    const response = await fetch(`${adminUrl}/readyz`)
    return {
      status: response.status,
      ...((await response.json()) as { ready: boolean; problems: unknown }),
    }
  }

  test('is red at once when the sink needs an operator, and green when it is mended', async () => {
    const sink = new GatedSink(10)
    sink.open()
    await using running = await runCollector({ RETRY_MAX_MS: '5', RETRY_MIN_MS: '5' }, sink)
    expect(await ready(running)).toEqual({ status: 200, ready: true, problems: [] })

    sink.failure = new SinkError('fatal', 'BDC_SINK_UNAUTHORIZED', 'no such key')
    const answer = post(running)
    await expect.poll(async () => (await ready(running)).status).toBe(503)
    expect((await ready(running)).problems).toEqual([
      { code: 'BDC_SINK_UNAUTHORIZED', message: 'no such key' },
    ])
    expect(await running.metric('bdc_sink_up')).toBe(0)

    sink.failure = undefined
    expect((await answer).status).toBe(200)
    expect((await ready(running)).status).toBe(200)
    expect(
      await running.metric('bdc_sink_retries_total{reason="BDC_SINK_UNAUTHORIZED"}'),
    ).toBeGreaterThan(0)
  })

  test('liveness does not depend on the sink', async () => {
    const sink = new GatedSink(10)
    sink.failure = new SinkError('fatal', 'BDC_SINK_UNAUTHORIZED', 'no such key')
    await using running = await runCollector({ ACK_DEADLINE_MS: '50' }, sink)
    expect((await post(running)).status).toBe(503)
    expect((await fetch(`${running.adminUrl}/livez`)).status).toBe(200)
    sink.failure = undefined
    sink.open()
  })
})

test('the device port does not open before the sink is connected', async () => {
  class LateSink extends MemorySink {
    attempts = 0
    override connect(): Promise<undefined> {
      this.attempts += 1
      return this.attempts < 3
        ? Promise.reject(new SinkError('retry', 'BDC_SINK_DOWN', 'not yet'))
        : super.connect()
    }
  }
  const sink = new LateSink(10)
  await using running = await runCollector({ RETRY_MIN_MS: '1' }, sink)
  expect(sink.attempts).toBe(3)
  expect((await post(running)).status).toBe(200)
})

test('a sink with partitions of its own decides how many there are', async () => {
  class PartitionedSink extends MemorySink {
    readonly partitions = new Set<number>()
    override connect(): Promise<undefined> {
      return Promise.resolve(['a', 'b', 'c']) as Promise<unknown> as Promise<undefined>
    }
    override write(batch: Batch<string>): Promise<readonly Rejection[]> {
      this.partitions.add(batch.partition)
      return super.write(batch)
    }
  }
  const sink = new PartitionedSink(100)
  await using running = await runCollector({}, sink)
  for (let device = 0; device < 20; device += 1) await post(running, `S${device}`)
  expect(Array.from(sink.partitions).sort()).toEqual([0, 1, 2])
  expect(await running.metric('bdc_partition_reports_total{partition="c"}')).toBeGreaterThan(0)
})
