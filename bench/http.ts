import { writeFileSync } from 'node:fs'
import { exitCodes, progress, runBench } from './cli.ts'
import { type Comparison, compare } from './compare.ts'
import { type Options, help, readOptions } from './options.ts'
import type { Case } from './reports.ts'
import { machineLine, table } from './table.ts'

async function run(cases: readonly Case[], options: Options): Promise<number> {
  const machine = machineLine()
  process.stdout.write(`${machine}\n\n`)
  const comparisons: Comparison[] = []
  let exitCode: number = exitCodes.ok
  try {
    for (const kase of cases) comparisons.push(await compare(kase, options, progress))
  } catch (error) {
    progress(`bench: ${(error as Error).message}`)
    exitCode = exitCodes.failed
  }
  if (comparisons.length > 0) process.stdout.write(table(comparisons))
  if (options.json !== undefined)
    writeFileSync(options.json, JSON.stringify({ machine, options, comparisons }, null, 2) + '\n')
  return exitCode
}

// Exiting kills the servers (see server.ts).
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => process.exit(exitCodes.signalled))

process.exitCode = await runBench(
  {
    command: 'npm run bench --',
    help,
    devices: 1_000,
    parameterCounts: [10, 60],
    readOptions,
    run,
  },
  process.argv.slice(2),
)
