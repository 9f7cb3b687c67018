import { writeFileSync } from 'node:fs'
import { type Comparison, compare } from './compare.ts'
import { type Options, help, readOptions } from './options.ts'
import { type Case, createCases } from './reports.ts'
import { machineLine, table } from './table.ts'

const exitCodes = { ok: 0, failed: 1, usage: 64, signalled: 130 } as const

const devices = 1_000
const parameterCounts = [10, 60]

const progress = (text: string) => {
  process.stderr.write(text + '\n')
}

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

async function main(args: readonly string[]): Promise<number> {
  let options: Options | undefined
  try {
    options = readOptions(args)
  } catch (error) {
    progress(`bench: ${(error as Error).message}; see npm run bench -- --help`)
    return exitCodes.usage
  }
  if (options === undefined) {
    process.stdout.write(help)
    return exitCodes.ok
  }
  const { only } = options
  const cases = createCases(devices, parameterCounts).filter(({ name }) => name.includes(only))
  if (cases.length > 0) return run(cases, options)
  progress(`bench: no case has ${JSON.stringify(only)} in its name`)
  return exitCodes.usage
}

// Exiting kills the servers (see server.ts).
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => process.exit(exitCodes.signalled))

process.exitCode = await main(process.argv.slice(2))
