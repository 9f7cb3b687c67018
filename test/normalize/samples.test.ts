import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { explainUpload } from '../../src/normalize/explain.ts'
import { parseHttpMessage } from '../fixtures/http-message.ts'
import { buildUpload } from '../report/build-upload.ts'
import { knowledge } from './knowledge.ts'

/** One request of a real agent, or what its source says it sends. */
interface Sample {
  readonly file: string
  readonly agent: string
  readonly quirk: string
  readonly method: string
  readonly target: string
  readonly headers: Record<string, string>
}

const fixtures = new URL('../fixtures/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, fixtures))
const list = (directory: string) => readdirSync(new URL(directory, fixtures)).sort()

const samples = JSON.parse(read('samples/index.json').toString()) as Sample[]
const captures = list('captures').filter((name) => name.endsWith('.http'))

/** What stands in FILE.expected.txt: the deviations, then a line for each event, or the fault. */
async function outcome(upload: Parameters<typeof buildUpload>[0]): Promise<string> {
  const { deviations, events = [], fault } = await explainUpload(buildUpload(upload), knowledge)
  const met = deviations.map(({ code }) => code).sort()
  const lines = fault === undefined ? events : [`fault: ${fault.code}`]
  return [`deviations: ${met.join(' ')}`, ...lines].map((line) => line.trimEnd() + '\n').join('')
}

describe('every sample gives the events that stand beside it', () => {
  test.each(samples)('$file · $agent · $quirk', async ({ file, method, target, headers }) => {
    const found = await outcome({ method, target, headers, body: read(`samples/${file}`) })
    await expect(found).toMatchFileSnapshot(`../fixtures/samples/${file}.expected.txt`)
  })

  test('none lies about without an entry in the index', () => {
    const files = list('samples').filter((name) => !/(\.expected\.txt|index\.json)$/.test(name))
    expect(files).toEqual(samples.map(({ file }) => file).sort())
  })
})

describe('every request captured from OB-USP-AGENT 11 gives the events that stand beside it', () => {
  test.each(captures)('%s', async (file) => {
    const found = await outcome(parseHttpMessage(read(`captures/${file}`)))
    await expect(found).toMatchFileSnapshot(`../fixtures/captures/${file}.expected.txt`)
  })
})

test('a retried report and the same report in a growing bundle have the same Id', async () => {
  const ids = async (file: string) => {
    const { events = [] } = await explainUpload(
      buildUpload(parseHttpMessage(read(`captures/${file}`))),
      knowledge,
    )
    return events.map((event) => (JSON.parse(event) as { Id: string }).Id)
  }
  expect(await ids('fail503-004.http')).toEqual(await ids('fail503-001.http'))
})
