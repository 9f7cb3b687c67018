import { availableParallelism, cpus } from 'node:os'
import type { Comparison, Figures } from './compare.ts'

/** What the figures were taken on: without it they mean nothing. */
export function machineLine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU'
  const cores = availableParallelism()
  return `${model}, ${cores} cores, node ${process.version}, ${new Date().toISOString().slice(0, 10)}`
}

export type Column<T> = readonly [title: string, cell: (item: T) => string]

export const fixed = (value: number | undefined, digits = 0) => value?.toFixed(digits) ?? 'n/a'

const latency = ({ p50Ms, p99Ms }: Figures) => `${fixed(p50Ms, 1)} / ${fixed(p99Ms, 1)}`

const percent = (value: number | undefined) => fixed(value && value * 100)

const columns: readonly Column<Comparison>[] = [
  ['case', ({ name }) => name],
  ['bytes', ({ bodyBytes }) => String(bodyBytes)],
  ['floor req/s', ({ floor }) => fixed(floor.requestsPerSecond)],
  ['collector req/s', ({ collector }) => fixed(collector.requestsPerSecond)],
  ['ratio', ({ ratio }) => fixed(ratio, 2)],
  ['CPU ratio', ({ cpuRatio }) => fixed(cpuRatio, 2)],
  ['floor p50/p99 ms', ({ floor }) => latency(floor)],
  ['collector p50/p99 ms', ({ collector }) => latency(collector)],
  ['floor CPU µs', ({ floor }) => fixed(floor.cpuMicroseconds, 1)],
  ['collector CPU µs', ({ collector }) => fixed(collector.cpuMicroseconds, 1)],
  ['floor core %', ({ floor }) => percent(floor.cores)],
  ['collector core %', ({ collector }) => percent(collector.cores)],
  ['RSS MiB', ({ peakRssMebibytes }) => fixed(peakRssMebibytes)],
]

const legend = `
ratio      collector to floor, requests per second: the median of the rounds' ratios
CPU ratio  floor to collector, CPU time of one request: the same on an idle machine, where both
           servers have a core to themselves, and steadier on a busy one
CPU µs     of the server process for one request, its helper threads included
core %     how much of one core the server used; well below 100 other processes or the load
           generator held it up, and only the CPU figures are to be compared
RSS MiB    the most memory that the collector had resident
`

/** The comparisons as a Markdown table and what its columns mean. */
export const table = (comparisons: readonly Comparison[]): string =>
  markdown(columns, comparisons) + legend

/** A Markdown table with one row per item, the first column to the left. */
export function markdown<T>(columns: readonly Column<T>[], items: readonly T[]): string {
  const rows = [
    columns.map(([title]) => title),
    ...items.map((item) => columns.map(([, cell]) => cell(item))),
  ]
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)))
  const line = (row: readonly string[]) => {
    const cells = row.map((cell, index) =>
      index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0),
    )
    return `| ${cells.join(' | ')} |\n`
  }
  const rule = widths.map((width, index) => '-'.repeat(width - 1) + (index === 0 ? '-' : ':'))
  const [titles = [], ...body] = rows
  return line(titles) + line(rule) + body.map(line).join('')
}
