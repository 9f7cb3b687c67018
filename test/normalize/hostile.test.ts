import { randomFillSync } from 'node:crypto'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TransferError } from '../../src/errors.ts'
import { explainUpload } from '../../src/normalize/explain.ts'
import { understand } from '../../src/normalize/normalize.ts'
import { Deviations } from '../../src/report/deviation.ts'
import { encodeEvent } from '../../src/report/event.ts'
import type { Upload } from '../../src/report/transfer.ts'
import { readCorpus } from '../fuzz/corpus.ts'
import { headerTokens } from '../fuzz/dictionary.ts'
import { mutate } from '../fuzz/mutate.ts'
import { Random } from '../fuzz/random.ts'
import { buildUpload } from '../report/build-upload.ts'
import { hostileHeads, hostileUploads, mebibyte } from './hostile-bodies.ts'
import { knowledge } from './knowledge.ts'

const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype]
const membersOf = () => prototypes.map((prototype) => Reflect.ownKeys(prototype))
const untouched = membersOf()

/** Whatever is not a TransferError fails the test by itself. */
async function take(upload: Upload): Promise<void> {
  const { events = [] } = await explainUpload(upload, knowledge)
  for (const event of events) JSON.parse(event)
  expect(membersOf()).toEqual(untouched)
}

const header = (name: string) =>
  fc.option(
    fc.oneof(
      fc.constantFrom(...(headerTokens[name] ?? [''])),
      fc.string({ unit: 'binary', maxLength: 60 }),
    ),
    { nil: undefined },
  )
const headers = fc.record(
  Object.fromEntries(Object.keys(headerTokens).map((name) => [name, header(name)])),
)
const target = fc.oneof(
  fc.constant('/c?oui=00256D&pc=Z&sn=Y'),
  fc.string({ unit: fc.constantFrom('/', '?', '&', '=', '%', '4', '1', 'f', 'a', 'ä') }),
)

describe('nothing but a TransferError comes of', () => {
  test('any bytes', async () => {
    const bytes = fc.uint8Array({ maxLength: 400 })
    await fc.assert(
      fc.asyncProperty(bytes, headers, target, async (body, given, to) => {
        await take(buildUpload({ body: Buffer.from(body), headers: given, target: to }))
      }),
      { numRuns: 3_000 },
    )
  })

  test('any text', async () => {
    const unit = fc.constantFrom(...Array.from(',;|\t"\r\n {}[]:\\01e-.&#'), 'string', 'Report')
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit }), fc.json())
    await fc.assert(
      fc.asyncProperty(text, headers, target, async (body, given, to) => {
        await take(buildUpload({ body, headers: given, target: to }))
      }),
      { numRuns: 3_000 },
    )
  })

  test('a request of a real agent after some changes', async () => {
    const corpus = readCorpus()
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 2 ** 31 - 1 }), async (seed) => {
        await take(mutate(corpus, new Random(seed)))
      }),
      { numRuns: 3_000 },
    )
  })
})

/** The time that understanding and encoding take, or undefined if it is within the limit. */
async function tooLong(upload: Upload, limitMs: number): Promise<number | undefined> {
  let shortestMs = Infinity
  // What else runs on the machine may hold up one turn, hardly all three.
  for (let turn = 0; turn < 3 && shortestMs > limitMs; turn += 1) {
    const beganMs = performance.now()
    try {
      const { transfer } = await understand(upload, knowledge, new Deviations())
      transfer.reports.forEach(encodeEvent)
    } catch (error) {
      expect(error).toBeInstanceOf(TransferError)
    }
    shortestMs = Math.min(shortestMs, performance.now() - beganMs)
  }
  return shortestMs > limitMs ? shortestMs : undefined
}

describe('a second is enough for 1 MiB of', () => {
  test.each(Object.keys(hostileUploads))('%s', async (name) => {
    const upload = hostileUploads[name] ?? buildUpload()
    expect(upload.body.length).toBeLessThan(2 * mebibyte)
    expect(await tooLong(upload, 1_000)).toBeUndefined()
  })
})

describe('a quarter of a second is enough for a head of', () => {
  const body = '{"Report":[{"CollectionTime":1364529149,"A":1}]}'
  test.each(Object.keys(hostileHeads))('%s', async (name) => {
    const upload = { ...buildUpload({ body }), ...hostileHeads[name] }
    expect(await tooLong(upload, 250)).toBeUndefined()
  })
})

describe('INFLATED_LIMIT_BYTES', () => {
  const inflatedLimitBytes = 3 * mebibyte
  const limited = { ...knowledge, limits: { ...knowledge.limits, inflatedLimitBytes } }
  /** A report with a text in it that hardly shrinks: only the limit of the size counts. */
  const report = (bytes: number): Buffer => {
    const frame = Buffer.from('{"Report":[{"CollectionTime":1364529149,"A":""}]}')
    const value = randomFillSync(Buffer.alloc(bytes))
      .toString('hex')
      .slice(0, bytes - frame.length)
    return Buffer.from(frame.toString().replace('""', () => `"${value}"`))
  }
  const codings = { gzip: gzipSync, 'deflate, zlib': deflateSync, 'deflate, raw': deflateRawSync }

  test.each(Object.entries(codings))('%s: what inflates to it passes', async (name, compress) => {
    const [label = ''] = name.split(',')
    const give = (bytes: number) =>
      understand(
        buildUpload({ body: compress(report(bytes)), headers: { 'content-encoding': label } }),
        limited,
        new Deviations(),
      )
    expect((await give(inflatedLimitBytes)).decoded.inflatedBytes).toBe(inflatedLimitBytes)
    await expect(give(inflatedLimitBytes + 1)).rejects.toMatchObject({
      code: 'BDC_INFLATED_TOO_LARGE',
    })
  })

  test.each(Object.entries(codings))('%s: a bomb is refused', async (name, compress) => {
    const [label = ''] = name.split(',')
    const body = compress(Buffer.alloc(64 * mebibyte, ' '))
    const given = understand(
      buildUpload({ body, headers: { 'content-encoding': label } }),
      knowledge,
      new Deviations(),
    )
    await expect(given).rejects.toMatchObject({ code: 'BDC_INFLATED_TOO_LARGE' })
  })
})
