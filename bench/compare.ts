import { mkdirSync } from 'node:fs'
import { type LoadOptions, type Round, load } from './load.ts'
import { median } from './median.ts'
import { peakRssMebibytes } from './process-usage.ts'
import type { Case } from './reports.ts'
import { startCollector, startFloor } from './server.ts'

export interface CompareOptions extends LoadOptions {
  readonly rounds: number
  /** Directory for the collector's CPU profiles; undefined: none are taken. */
  readonly profile: string | undefined
}

/** One server over all rounds: medians, and percentiles of all its answers. */
export interface Figures {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuMicroseconds: number | undefined
  readonly cores: number | undefined
}

export interface Comparison {
  readonly name: string
  readonly bodyBytes: number
  readonly floor: Figures
  readonly collector: Figures
  /** Collector to floor, requests per second: the median of the rounds' ratios. */
  readonly ratio: number
  /** Floor to collector, CPU time of one request: what the ratio would be on an idle machine. */
  readonly cpuRatio: number | undefined
  readonly peakRssMebibytes: number | undefined
}

const warmUpSeconds = 2

/**
 * Loads floor and collector in turns: a noisy neighbour hits both, and each ratio is of two
 * rounds that followed each other. Both are fresh processes, so no case inherits another's
 * optimised code or memory.
 */
export async function compare(
  kase: Case,
  options: CompareOptions,
  progress: (text: string) => void,
): Promise<Comparison> {
  await using floor = await startFloor()
  await using collector = await startCollector(profileOptions(kase, options.profile))
  const warmUp = { ...options, seconds: warmUpSeconds }
  await load(floor, kase, warmUp)
  await load(collector, kase, warmUp)

  const pairs: { floor: Round; collector: Round }[] = []
  for (let round = 1; round <= options.rounds; round += 1) {
    const pair = {
      floor: await load(floor, kase, options),
      collector: await load(collector, kase, options),
    }
    pairs.push(pair)
    const rates = [pair.floor, pair.collector].map((side) => Math.round(side.requestsPerSecond))
    progress(`${kase.name}: round ${round} of ${options.rounds}: ${rates.join(' and ')} req/s`)
  }
  return {
    name: kase.name,
    bodyBytes: kase.bodyBytes,
    floor: figures(pairs.map((pair) => pair.floor)),
    collector: figures(pairs.map((pair) => pair.collector)),
    ratio: median(
      pairs.map((pair) => pair.collector.requestsPerSecond / pair.floor.requestsPerSecond),
    ),
    cpuRatio: known(
      pairs.map((pair) => quotient(pair.floor.cpuMicroseconds, pair.collector.cpuMicroseconds)),
    ),
    peakRssMebibytes: peakRssMebibytes(collector.pid),
  }
}

function profileOptions({ name }: Case, directory: string | undefined): string[] {
  if (directory === undefined) return []
  mkdirSync(directory, { recursive: true })
  const file = `${name.replace(' ', '-')}.cpuprofile`
  return ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${file}`]
}

function figures(rounds: readonly Round[]): Figures {
  const [first, ...others] = rounds.map(({ latency }) => latency)
  for (const latency of others) first?.add(latency)
  const percentileMs = (percentile: number) => (first?.percentile(percentile) ?? NaN) / 1000
  return {
    requestsPerSecond: median(rounds.map(({ requestsPerSecond }) => requestsPerSecond)),
    p50Ms: percentileMs(50),
    p99Ms: percentileMs(99),
    cpuMicroseconds: known(rounds.map((round) => round.cpuMicroseconds)),
    cores: known(rounds.map(({ cores }) => cores)),
  }
}

const quotient = (dividend: number | undefined, divisor: number | undefined) =>
  dividend === undefined || divisor === undefined ? undefined : dividend / divisor

const known = (values: readonly (number | undefined)[]) => {
  const numbers = values.filter((value) => value !== undefined)
  return numbers.length === values.length ? median(numbers) : undefined
}
