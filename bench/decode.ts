import { writeFileSync } from 'node:fs'
import { exitCodes, progress, runBench } from './cli.ts'
import { type Comparison, compare, prepare, warmUp } from './decode-compare.ts'
import { type Options, help, readOptions } from './decode-options.ts'
import type { Case } from './reports.ts'
import { type Column, fixed, machineLine, markdown } from './table.ts'

const columns: readonly Column<Comparison>[] = [
  ['case', ({ name }) => name],
  ['bytes', ({ bodyBytes }) => String(bodyBytes)],
  ['floor µs', ({ microseconds }) => fixed(microseconds.floor, 1)],
  ['ours µs', ({ microseconds }) => fixed(microseconds.ours, 1)],
  ['ratio', ({ ratio }) => fixed(ratio, 2)],
  ['ns/param', ({ microseconds, parameters }) => fixed((microseconds.ours / parameters) * 1000)],
  ['understand µs', ({ microseconds }) => fixed(microseconds.understand, 1)],
  ['+ encode µs', ({ microseconds }) => fixed(microseconds.encode, 1)],
]

const legend = `
floor       JSON.parse and a recursive flatten, or a split into rows and cells, of one report
ours        decode and the reader of the format, up to the same parameters with their types
ratio       ours to floor: the median of the rounds' ratios
ns/param    ours, per parameter
understand  ours with identity, collection time and Id: all of understand()
+ encode    understand() and encodeEvent() of what it gives
`

async function run(cases: readonly Case[], options: Options): Promise<number> {
  const machine = machineLine()
  process.stdout.write(`${machine}\n\n`)
  const comparisons: Comparison[] = []
  try {
    const subjects = await Promise.all(cases.map(prepare))
    progress('warming up')
    await warmUp(subjects)
    for (const subject of subjects) {
      progress(subject.name)
      comparisons.push(await compare(subject, options.rounds))
    }
  } catch (error) {
    progress(`bench: ${(error as Error).message}`)
    return exitCodes.failed
  }
  process.stdout.write(markdown(columns, comparisons) + legend)
  if (options.json !== undefined)
    writeFileSync(options.json, JSON.stringify({ machine, options, comparisons }, null, 2) + '\n')
  return exitCodes.ok
}

process.exitCode = await runBench(
  {
    command: 'node bench/decode.ts',
    help,
    devices: 20,
    parameterCounts: [10, 60, 800],
    readOptions,
    run,
  },
  process.argv.slice(2),
)
