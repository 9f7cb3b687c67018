import { readConfig } from '../src/config/config.ts'
import { decode } from '../src/decode/decode.ts'
import { knowledgeOf, readReports, understand } from '../src/normalize/normalize.ts'
import { Deviations } from '../src/report/deviation.ts'
import { encodeEvent } from '../src/report/event.ts'
import type { Upload } from '../src/report/transfer.ts'
import { floors } from './decode-floor.ts'
import { median } from './median.ts'
import type { Case } from './reports.ts'

/** Ways to read a report, each doing more than the one before. */
const sideNames = ['floor', 'ours', 'understand', 'encode'] as const
type SideName = (typeof sideNames)[number]

/** Reads one upload and gives something that tells that it was read: parameters, or bytes. */
type Side = (upload: Upload) => number | Promise<number>

/** Medians over the rounds, of one report. */
export interface Comparison {
  readonly name: string
  readonly parameters: number
  readonly bodyBytes: number
  readonly microseconds: Readonly<Record<SideName, number>>
  /** Ours to floor: the median of the rounds' ratios. */
  readonly ratio: number
}

export interface Subject {
  readonly name: string
  readonly parameters: number
  readonly bodyBytes: number
  readonly uploads: readonly Upload[]
  readonly sides: Readonly<Record<SideName, Side>>
}

/** How long one side runs before it is the next one's turn. */
const turnMs = 20
const warmUpTurns = 15

const { decode: limits, normalize } = readConfig({})
const knowledge = knowledgeOf(limits, normalize)

/** decode() and the reader of the format, as understand() calls them. */
async function ours(upload: Upload): Promise<number> {
  const met = new Deviations()
  const decoded = await decode(upload, {}, limits, met)
  const { reports } = readReports(decoded, limits, met)
  return reports[0]?.parameters.length ?? 0
}

async function understood(upload: Upload): Promise<number> {
  const { transfer } = await understand(upload, knowledge, new Deviations())
  return transfer.reports[0]?.parameters.length ?? 0
}

async function encoded(upload: Upload): Promise<number> {
  const { transfer } = await understand(upload, knowledge, new Deviations())
  return transfer.reports.reduce((length, report) => length + encodeEvent(report).length, 0)
}

/** @throws Error if a side does not find all the parameters that a body has */
export async function prepare({ name, headers, uploads, bodyBytes }: Case): Promise<Subject> {
  const [format = '', count] = name.split(' ')
  const parameters = Number(count)
  const floor: Side = ({ body }) => floors[format]?.(body).length ?? 0
  const subject: Subject = {
    name,
    parameters,
    bodyBytes,
    uploads: uploads.map(({ path, body }) => ({
      method: 'POST',
      target: path,
      headers,
      body: Buffer.from(body),
      receivedTimeMs: Date.now(),
      remoteAddress: '127.0.0.1',
    })),
    sides: { floor, ours, understand: understood, encode: encoded },
  }
  for (const upload of subject.uploads)
    for (const side of ['floor', 'ours', 'understand'] as const) {
      const found = await subject.sides[side](upload)
      if (found !== parameters)
        throw new Error(`${name}: ${side} read ${found} parameters instead of ${parameters}`)
    }
  return subject
}

/** Lets all cases run before any is measured: a collector has met every format as well. */
export async function warmUp(subjects: readonly Subject[]): Promise<void> {
  for (let turn = 0; turn < warmUpTurns; turn += 1)
    for (const subject of subjects) for (const side of sideNames) await takeTurn(subject, side)
}

/** Lets the sides take turns: a noisy neighbour hits all of them. */
export async function compare(subject: Subject, rounds: number): Promise<Comparison> {
  const taken: Record<SideName, number>[] = []
  for (let round = 0; round < rounds; round += 1) {
    const times = { floor: 0, ours: 0, understand: 0, encode: 0 }
    for (const side of sideNames) times[side] = await takeTurn(subject, side)
    taken.push(times)
  }
  const of = (side: SideName) => median(taken.map((times) => times[side]))
  const { name, parameters, bodyBytes } = subject
  return {
    name,
    parameters,
    bodyBytes,
    microseconds: {
      floor: of('floor'),
      ours: of('ours'),
      understand: of('understand'),
      encode: of('encode'),
    },
    ratio: median(taken.map((times) => times.ours / times.floor)),
  }
}

/** @returns microseconds per report */
async function takeTurn({ uploads, sides }: Subject, name: SideName): Promise<number> {
  const side = sides[name]
  const begin = performance.now()
  let count = 0
  let elapsedMs = 0
  while (elapsedMs < turnMs) {
    for (const upload of uploads) {
      const found = side(upload)
      if (typeof found !== 'number') await found
    }
    count += uploads.length
    elapsedMs = performance.now() - begin
  }
  return (elapsedMs / count) * 1000
}
