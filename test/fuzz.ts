/**
 * Feeds mutated requests of real agents to explainUpload() for a bounded time:
 * `node test/fuzz.ts [--minutes 10] [--seed N]`. Exits with 1 if one of them crashed it, and
 * names the file that the offending request was written to.
 */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { explainUpload } from '../src/normalize/explain.ts'
import type { Upload } from '../src/report/transfer.ts'
import { readCorpus } from './fuzz/corpus.ts'
import { mutate } from './fuzz/mutate.ts'
import { Random } from './fuzz/random.ts'
import { knowledge } from './normalize/knowledge.ts'

const mebibyte = 1024 * 1024
/** A request may take a second per MiB of body, the smaller ones as much as one of 1 MiB. */
const limitMsPerMiB = 1_000
const progressMs = 10_000

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
  },
})
const minutes = Number(values.minutes)
const seed = Number(values.seed)
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  process.stderr.write('usage: node test/fuzz.ts [--minutes 10] [--seed N]\n')
  process.exit(2)
}

const corpus = readCorpus()
const random = new Random(seed)
const faults = new Map<string, number>()
const objectNames = Object.getOwnPropertyNames(Object.prototype).join()
let inputs = 0
let understood = 0
let crashes = 0
let slowestMsPerMiB = 0
let greatestHeapBytes = 0

const startHeapBytes = process.memoryUsage().heapUsed
const startMs = performance.now()
let nextProgressMs = startMs + progressMs
process.stdout.write(`seed ${seed}, ${minutes} min, ${corpus.length} requests to start from\n`)

while (performance.now() - startMs < minutes * 60_000) {
  const upload = mutate(corpus, random)
  inputs += 1
  const crash = await crashOf(upload)
  if (crash !== undefined) {
    crashes += 1
    process.stderr.write(`crash: ${crash}\n  the request is in ${keep(upload, crash)}\n`)
  }
  if (inputs % 100 === 0)
    greatestHeapBytes = Math.max(greatestHeapBytes, process.memoryUsage().heapUsed - startHeapBytes)
  if (performance.now() >= nextProgressMs) {
    nextProgressMs += progressMs
    process.stderr.write(
      `${Math.round((performance.now() - startMs) / 1_000)} s: ${inputs} inputs, ` +
        `${understood} understood, ${crashes} crashes\n`,
    )
  }
}

process.stdout.write(
  [
    `inputs ${inputs}`,
    `understood ${understood}`,
    ...[...faults].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, count]) => `${code} ${count}`),
    `crashes ${crashes}`,
    `slowest ${slowestMsPerMiB.toFixed(1)} ms per MiB`,
    `heap grew by at most ${(greatestHeapBytes / mebibyte).toFixed(1)} MiB`,
  ].join('\n') + '\n',
)
process.exitCode = crashes > 0 ? 1 : 0

/** What is wrong with how an upload was taken, if anything is. */
async function crashOf(upload: Upload): Promise<string | undefined> {
  try {
    const { fault, msPerMiB } = await explain(upload)
    if (fault === undefined) understood += 1
    else faults.set(fault.code, (faults.get(fault.code) ?? 0) + 1)
    if (msPerMiB <= slowestMsPerMiB) return undefined
    // Others use the machine, too: slow is what is slow again.
    const again = [await explain(upload), await explain(upload)]
    const leastMs = Math.min(msPerMiB, ...again.map((turn) => turn.msPerMiB))
    slowestMsPerMiB = Math.max(slowestMsPerMiB, leastMs)
    return leastMs > limitMsPerMiB ? `${leastMs.toFixed(0)} ms per MiB` : undefined
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

/**
 * Explains an upload, checks the outcome and says how long it took.
 * @throws whatever is no TransferError, and Error for an outcome that is not right
 */
async function explain(upload: Upload) {
  const beganMs = performance.now()
  const { fault, events = [] } = await explainUpload(upload, knowledge)
  const tookMs = performance.now() - beganMs
  for (const event of events) JSON.parse(event)
  if (Object.getOwnPropertyNames(Object.prototype).join() !== objectNames)
    throw new Error('Object.prototype was changed')
  return { fault, msPerMiB: tookMs / Math.max(1, upload.body.length / mebibyte) }
}

/** Writes an upload down as JSON, its body in Base64, and says where. */
function keep(upload: Upload, crash: string): string {
  const file = join(tmpdir(), `bdc-fuzz-${seed}-${inputs}.json`)
  writeFileSync(file, JSON.stringify({ crash, ...upload, body: upload.body.toString('base64') }))
  return file
}
