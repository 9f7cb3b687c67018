import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { understand } from '../../src/normalize/normalize.ts'
import { encodeEvent } from '../../src/report/event.ts'
import { decodeConfig } from '../decode/config.ts'

interface Sample {
  readonly file: string
  readonly agent: string
  readonly quirk: string
  readonly method: string
  readonly target: string
  readonly headers: Record<string, string>
}

const directory = new URL('../fixtures/samples/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, directory))
const samples = JSON.parse(read('index.json').toString()) as Sample[]

/** The events of a sample, as one line of JSON each, when it arrives at this moment. */
const receivedTimeMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

describe('every sample gives the events that stand beside it', () => {
  test.each(samples)('$file · $agent · $quirk', async ({ file, method, target, headers }) => {
    const upload = {
      method,
      target,
      headers,
      body: read(file),
      receivedTimeMs,
      remoteAddress: '192.0.2.1',
    }
    const { reports } = await understand(upload, decodeConfig)
    const expected = read(`${file}.events.ndjson`).toString().split('\n').slice(0, -1)
    expect(reports.map(encodeEvent)).toEqual(expected)
  })
})

test('no sample lies about without an entry in the index', () => {
  const files = readdirSync(directory).filter(
    (name) => !/(\.events\.ndjson|index\.json)$/.test(name),
  )
  expect(files.sort()).toEqual(samples.map(({ file }) => file).sort())
})
