import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MemorySink } from '../../src/sinks/memory/sink.ts'
import { type RunningCollector, runCollector } from '../running-collector.ts'
import { rawRequest } from './raw-request.ts'

const fixtures = new URL('../fixtures/', import.meta.url)

/** Byte for byte what agents put on the wire; the connection is closed when it is answered. */
const read = (file: string) => {
  const text = readFileSync(new URL(file, fixtures)).toString('latin1')
  return Buffer.from(text.replace('\r\n', '\r\nConnection: close\r\n'), 'latin1')
}

interface Event {
  readonly CollectionTimeSource: string
  readonly [name: string]: unknown
}

describe('requests as they are on the wire, against the running program', () => {
  const sink = new MemorySink(1_000)
  let running: RunningCollector
  beforeAll(async () => {
    running = await runCollector({ COLLECTOR_PATH: '/', KEEP_ALIVE_TIMEOUT_MS: '1' }, sink)
  })
  afterAll(() => running[Symbol.asyncDispose]())

  async function send(file: string): Promise<{ answer: string; events: Event[] }> {
    const before = sink.events.length
    const answer = await rawRequest(running.port, read(file))
    return { answer, events: sink.events.slice(before).map((text) => JSON.parse(text) as Event) }
  }

  test.each(readdirSync(new URL('captures/', fixtures)).filter((name) => name.endsWith('.http')))(
    'captured from OB-USP-AGENT 11: %s',
    async (name) => {
      const { answer, events } = await send(`captures/${name}`)
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n$/)
      const expected = readFileSync(new URL(`captures/${name}.expected.txt`, fixtures), 'utf8')
        .split('\n')
        .slice(1, -1)
        .map((text) => ({
          ...(JSON.parse(text) as Event),
          ReceivedTime: expect.any(String) as unknown,
        }))
      const timed = expected.map((event) =>
        event.CollectionTimeSource === 'report'
          ? event
          : {
              ...event,
              CollectionTime: expect.any(String) as unknown,
              Id: expect.any(String) as unknown,
            },
      )
      expect(events).toEqual(timed)
    },
  )

  test('the empty probe of curl with Digest: answered, nothing delivered', async () => {
    const { answer, events } = await send('raw/01-curl-digest-probe-empty-body.http')
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(events).toEqual([])
  })

  test('chunked with an extension and a trailer, after Expect: 100-continue', async () => {
    const { answer, events } = await send('raw/02-chunked-expect.http')
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/)
    expect(events).toMatchObject([{ SerialNumber: 'Y', Parameters: { UpTime: 42 } }])
  })

  test('iopsys: & instead of ?, a Date that is none', async () => {
    const { answer, events } = await send('raw/03-iopsys.http')
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(events).toMatchObject([
      {
        Parameters: { 'Device.DeviceInfo.UpTime': 4711 },
        Attributes: { ct: '2020-01-01T12:00:00+01:00' },
      },
    ])
  })

  test('Casa: the file name of curl -T below the path', async () => {
    const { answer, events } = await send('raw/04-casa-curl-T.http')
    expect(answer).toMatch(/HTTP\/1\.1 200 OK/)
    expect(events).toMatchObject([{ OUI: '1', Parameters: { UpTime: 42 } }])
  })

  // Node's parser refuses it in strict and in lenient mode alike, before any handler: such a
  // device is seen in the counter, and its URL has to be configured without the space.
  test('iopsys: a raw space in the target is refused by the parser, and counted', async () => {
    const series = 'bdc_client_errors_total{code="HPE_INVALID_CONSTANT"}'
    const before = await running.metric(series)
    const { answer, events } = await send('raw/05-raw-space-in-target.http')
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(events).toEqual([])
    expect(await running.metric(series)).toBe(before + 1)
  })

  test('OB-USP-AGENT: a second ? in the target', async () => {
    const { events } = await send('raw/06-obuspa-put-double-question-mark.http')
    expect(events).toMatchObject([
      { OUI: '012345', SerialNumber: '000000000000', Attributes: { tenant: 'a' } },
    ])
  })

  test('deviations are counted by code', async () => {
    const series = 'bdc_deviations_total{code="target-second-question-mark"}'
    const before = await running.metric(series)
    await send('raw/06-obuspa-put-double-question-mark.http')
    expect(await running.metric(series)).toBe(before + 1)
  })
})

describe('CONNECT', () => {
  const request = 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n'

  test('is answered 405, and the connection is closed', async () => {
    await using running = await runCollector()
    expect(await rawRequest(running.port, request)).toMatch(/^HTTP\/1\.1 405 /)
    expect(await running.metric('bdc_transfers_total{outcome="method-not-allowed"}')).toBe(1)
  })

  test('and then a reset hurts nobody', async () => {
    await using running = await runCollector()
    for (let turn = 0; turn < 20; turn += 1) {
      const socket = connect(running.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(request)
      socket.resetAndDestroy()
    }
    expect((await fetch(`${running.adminUrl}/livez`)).status).toBe(200)
  })
})

test('HTTP/1.0 without Host and without keep-alive', async () => {
  const sink = new MemorySink(10)
  await using running = await runCollector({}, sink)
  const body = '{"Report":[{"UpTime":42}]}'
  const answer = await rawRequest(
    running.port,
    `POST /collector?sn=1 HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
  expect(sink.events).toHaveLength(1)
})
