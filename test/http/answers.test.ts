import { randomBytes } from 'node:crypto'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MemorySink } from '../../src/sinks/memory/sink.ts'
import { type RunningCollector, runCollector } from '../running-collector.ts'
import { rawRequest } from './raw-request.ts'

const path = '/collector?oui=00256D&pc=Z&sn=Y'
const good = '{"Report":[{"CollectionTime":1364529149,"UpTime":42}]}'

describe('every situation has its answer, its counter, and the next good request is served', () => {
  const sink = new MemorySink(1_000)
  let running: RunningCollector

  beforeAll(async () => {
    running = await runCollector(
      {
        BODY_LIMIT_BYTES: '64KiB',
        INFLATED_LIMIT_BYTES: '2MiB',
        HEADER_LIMIT_BYTES: '8KiB',
        HEADERS_TIMEOUT_MS: '300',
        REQUEST_TIMEOUT_MS: '600',
      },
      sink,
    )
  })
  afterAll(() => running[Symbol.asyncDispose]())

  const post = (body: string | Buffer, headers: Record<string, string> = {}, target = path) =>
    fetch(running.url + target, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers,
    })

  async function expectServed(): Promise<void> {
    const before = sink.events.length
    const { status } = await post(good)
    expect(status).toBe(200)
    expect(sink.events.length).toBe(before + 1)
  }

  interface Case {
    readonly situation: string
    readonly body: string | Buffer
    readonly headers?: Record<string, string>
    readonly target?: string
    readonly status: number
    readonly outcome: string
    readonly code?: string
  }

  const bomb = gzipSync(Buffer.alloc(20 * 2 ** 20))
  const noise = gzipSync(JSON.stringify({ Report: [{ x: randomBytes(9_000).toString('hex') }] }))

  const cases: readonly Case[] = [
    { situation: 'a report', body: good, status: 200, outcome: 'delivered' },
    {
      situation: 'a gzipped report',
      body: gzipSync(good),
      headers: { 'content-encoding': 'gzip' },
      status: 200,
      outcome: 'delivered',
    },
    { situation: 'an empty Report array', body: '{"Report":[]}', status: 200, outcome: 'empty' },
    {
      situation: 'a report without parameters',
      body: '{"Report":[{}]}',
      status: 200,
      outcome: 'delivered',
    },
    {
      situation: 'CSV with nothing but its header',
      body: 'ReportTimestamp,A,B\r\n',
      status: 200,
      outcome: 'empty',
    },
    { situation: 'an empty body', body: '', status: 200, outcome: 'empty' },
    {
      situation: 'malformed JSON',
      body: '{"Report":[{]}',
      status: 200,
      outcome: 'quarantined',
      code: 'BDC_JSON_SYNTAX',
    },
    {
      situation: 'JSON that is no report',
      body: '[1,2]',
      status: 200,
      outcome: 'quarantined',
      code: 'BDC_JSON_SHAPE',
    },
    {
      situation: 'JSON nested too deep',
      body: `{"Report":[${'{"a":'.repeat(100)}1${'}'.repeat(100)}]}`,
      status: 200,
      outcome: 'quarantined',
      code: 'BDC_JSON_TOO_DEEP',
    },
    {
      situation: 'malformed CSV',
      body: '"ReportTimestamp","A"\n1364529149,"b\n',
      status: 200,
      outcome: 'quarantined',
      code: 'BDC_CSV_SYNTAX',
    },
    {
      situation: 'CSV without a value column',
      body: 'ReportTimestamp,ParameterName\n1364529149,A\n',
      status: 200,
      outcome: 'quarantined',
      code: 'BDC_CSV_HEADER',
    },
    {
      situation: 'a ragged CSV row',
      body: 'ReportTimestamp,A\n1364529149,1,2\n',
      status: 200,
      outcome: 'delivered',
    },
    {
      situation: 'a body of no known format',
      body: 'hello',
      status: 200,
      outcome: 'quarantined',
      code: 'BDC_FORMAT_UNKNOWN',
    },
    {
      situation: 'a body of bytes',
      body: Buffer.from([0xff, 0, 0xfe]),
      status: 200,
      outcome: 'quarantined',
      code: 'BDC_FORMAT_UNKNOWN',
    },
    {
      situation: 'truncated gzip',
      body: noise.subarray(0, 100),
      headers: { 'content-encoding': 'gzip' },
      status: 200,
      outcome: 'quarantined',
      code: 'BDC_CODING_CORRUPT',
    },
    {
      situation: 'truncated gzip of some size',
      body: gzipSync(randomBytes(40_000)).subarray(0, 30_000),
      headers: { 'content-encoding': 'gzip' },
      status: 200,
      outcome: 'quarantined',
      code: 'BDC_CODING_CORRUPT',
    },
    {
      situation: 'a plain body under an unknown content coding',
      body: good,
      headers: { 'content-encoding': 'UTF-8' },
      status: 200,
      outcome: 'delivered',
    },
    {
      situation: 'an unknown content coding',
      body: brotliCompressSync(good),
      headers: { 'content-encoding': 'br' },
      status: 415,
      outcome: 'unsupported-coding',
      code: 'BDC_CODING_UNSUPPORTED',
    },
    {
      situation: 'a gzip bomb',
      body: bomb,
      headers: { 'content-encoding': 'gzip' },
      status: 413,
      outcome: 'too-large',
      code: 'BDC_INFLATED_TOO_LARGE',
    },
    {
      situation: 'a body over the limit',
      body: Buffer.alloc(64 * 1024 + 1, 32),
      status: 413,
      outcome: 'too-large',
      code: 'BDC_BODY_TOO_LARGE',
    },
    {
      situation: 'a body at the limit',
      body: good.padEnd(64 * 1024),
      status: 200,
      outcome: 'delivered',
    },
    {
      situation: 'an unknown path',
      body: good,
      target: '/elsewhere',
      status: 404,
      outcome: 'not-found',
    },
    {
      situation: 'a path that only begins like ours',
      body: good,
      target: '/collectors',
      status: 404,
      outcome: 'not-found',
    },
    {
      situation: 'a path below ours',
      body: good,
      target: '/collector/a/b?oui=1',
      status: 200,
      outcome: 'delivered',
    },
    {
      situation: "iopsys' query without ?",
      body: good,
      target: '/collector&ct=1',
      status: 200,
      outcome: 'delivered',
    },
    {
      situation: 'a target with a broken escape',
      body: good,
      target: '/collector/%zz?sn=%e0%',
      status: 200,
      outcome: 'delivered',
    },
    {
      situation: 'a content type that is none',
      body: good,
      headers: { 'content-type': ';;"' },
      status: 200,
      outcome: 'delivered',
    },
  ]

  test.each(cases)(
    '$situation → $status',
    async ({ body, headers, target, status, outcome, code }) => {
      const series = `bdc_transfers_total{outcome="${outcome}"}`
      const counted = await running.metric(series)
      const quarantined = (await running.quarantined()).length

      const response = await post(body, headers, target)
      const answer = await response.text()
      expect(response.status).toBe(status)
      expect(await running.metric(series)).toBe(counted + 1)

      if (status === 200) expect(answer).toBe('')
      else {
        expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
        const problem = JSON.parse(answer) as Record<string, unknown>
        expect(problem).toMatchObject({ status, ...(code === undefined ? {} : { code }) })
      }
      const kept = (await running.quarantined()).slice(quarantined)
      expect(kept.map((record) => record['Code'])).toEqual(outcome === 'quarantined' ? [code] : [])
      await expectServed()
    },
  )

  test.each(['GET', 'DELETE', 'PATCH'])('%s → 405', async (method) => {
    const response = await fetch(running.url + path, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST, PUT')
    await expectServed()
  })

  test('PUT is POST', async () => {
    const { status } = await fetch(running.url + path, { method: 'PUT', body: good })
    expect(status).toBe(200)
  })

  test('a chunked body with extensions and a trailer, after Expect: 100-continue', async () => {
    const answer = await rawRequest(
      running.port,
      `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n` +
        'Expect: 100-continue\r\n\r\n' +
        'a;x=1\r\n{"Report":\r\n10\r\n[{"UpTime":42}]}\r\n0\r\nX-Trailer: 1\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
  })

  test('a chunked body without end is cut off at the limit', async () => {
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`
    const answer = await rawRequest(
      running.port,
      `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`,
      ...Array.from({ length: 64 }, () => chunk),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    await expectServed()
  })

  test.each([
    [
      'a header line of 10 MB',
      '431',
      'HPE_HEADER_OVERFLOW',
      [`GET / HTTP/1.1\r\nX: `, Buffer.alloc(10_000_000, 97)],
    ],
    ['a request line that is none', '400', 'HPE_INVALID_METHOD', ['hello\r\n\r\n']],
    [
      'a raw space in the target (iopsys)',
      '400',
      'HPE_INVALID_CONSTANT',
      ['POST /collector?pc=USP Agent HTTP/1.1\r\nHost: x\r\n\r\n'],
    ],
    [
      'headers that never end',
      '408',
      'ERR_HTTP_REQUEST_TIMEOUT',
      ['POST /collector HTTP/1.1\r\nHost: x\r\n'],
    ],
    [
      'a body that never comes',
      '408',
      'ERR_HTTP_REQUEST_TIMEOUT',
      ['POST /collector HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc'],
    ],
  ])('%s → %s, counted as %s', async (_situation, status, code, chunks) => {
    const series = `bdc_client_errors_total{code="${code}"}`
    const counted = await running.metric(series)
    const answer = await rawRequest(running.port, ...chunks)
    // What is sent after the refusal makes the kernel reset the connection: the answer may be lost.
    const lost = chunks.length > 1 && answer === ''
    if (!lost) expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(await running.metric(series)).toBe(counted + 1)
    await expectServed()
  })
})

test('ON_MALFORMED=reject answers 400 with code and position, and keeps nothing', async () => {
  await using running = await runCollector({ ON_MALFORMED: 'reject' })
  const response = await fetch(running.url + path, { method: 'POST', body: '{"Report":[{]}' })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    code: 'BDC_JSON_SYNTAX',
    position: 'line 1, column 13',
  })
  expect(await running.quarantined()).toEqual([])
})

test('the quarantine keeps the upload as it was, but no secrets', async () => {
  await using running = await runCollector()
  const body = '\u0000not a report ä'
  await fetch(running.url + path, {
    method: 'PUT',
    body,
    headers: { authorization: 'Basic c2VjcmV0', 'content-type': 'x/y', 'bbf-report-format': '"?"' },
  })
  const [record] = await running.quarantined()
  expect(record).toMatchObject({
    Code: 'BDC_FORMAT_UNKNOWN',
    Method: 'PUT',
    Target: path,
    Body: body,
    RemoteAddress: '127.0.0.1',
    Headers: { authorization: '[redacted]', 'content-type': 'x/y', 'bbf-report-format': '"?"' },
  })
})

test('a quarantine that is full answers 503, and good reports pass', async () => {
  await using running = await runCollector({ QUARANTINE_MAX_BYTES: '600' })
  const send = (body: string) => fetch(running.url + path, { method: 'POST', body })
  expect((await send('hello')).status).toBe(200)
  const refused = await send('hello again')
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('30')
  expect(await refused.json()).toMatchObject({ code: 'BDC_QUARANTINE_FAILED' })
  expect((await send(good)).status).toBe(200)
})

test('SUCCESS_STATUS changes every success', async () => {
  await using running = await runCollector({ SUCCESS_STATUS: '204' })
  for (const body of [good, '', 'hello'])
    expect((await fetch(running.url + path, { method: 'POST', body })).status).toBe(204)
})
