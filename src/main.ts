#!/usr/bin/env node
import { parse } from 'dotenv'
import { readFileSync } from 'node:fs'
import { exitCodes, UsageError } from './commands/command.ts'
import { commands } from './commands/table.ts'
import type { Env } from './config/config.ts'
import { describeSettings, unknownNames } from './config/describe.ts'
import { ConfigError } from './errors.ts'

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string }

function helpText(): string {
  const list = Array.from(commands, ([name, { summary }]) => `  ${name.padEnd(10)}${summary}\n`)
  const variables = describeSettings().map(
    ({ name, doc, allowed, default: fallback }) =>
      `  ${name} (${fallback ?? 'unset'})\n      ${doc}: ${allowed}\n`,
  )
  return `bdc ${version}: HTTP bulk data collector for TR-069 and TR-369 devices

Usage: bdc [COMMAND] [--help] | --version

${list.join('')}
bdc COMMAND --help tells the options, examples and exit codes of a command.

Configuration comes from the environment; config.env in the working directory fills in what
the environment does not set.

Variables (default):
${variables.join('')}`
}

/** config.env is optional; the environment wins over it. */
function readEnv(): { env: Env; misspelt: readonly string[] } {
  let file: Record<string, string> = {}
  try {
    file = parse(readFileSync('config.env'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new ConfigError([{ name: 'config.env', problem: (error as Error).message }])
  }
  return { env: { ...file, ...process.env }, misspelt: unknownNames(Object.keys(file)) }
}

async function main(args: readonly string[]): Promise<number> {
  const [first = ''] = args
  const named = first !== '' && !first.startsWith('-')
  const name = named ? first : 'start'
  const checkOnly = name === 'start' && args.includes('--check-config')
  const command = commands.get(checkOnly ? 'check' : name)
  if (command === undefined) throw new UsageError(`unknown command ${name}`)
  const rest = args.slice(named ? 1 : 0).filter((arg) => !checkOnly || arg !== '--check-config')
  if (rest.includes('--version') || rest.includes('-v')) {
    process.stdout.write(`${version}\n`)
    return exitCodes.ok
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(named ? command.help : helpText())
    return exitCodes.ok
  }
  const run = await command.load()
  return run({ args: rest, version, ...readEnv() })
}

/** parseArgs throws errors of its own for what it does not know. */
const isUsageError = (error: unknown): error is Error =>
  error instanceof UsageError ||
  String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')

/** A file or directory that the command line names cannot be used. */
const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'path' in error

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof ConfigError) {
    process.stderr.write(`The configuration has ${error.faults.length} fault(s):\n`)
    for (const { name, problem } of error.faults) process.stderr.write(`  ${name}: ${problem}\n`)
    process.exitCode = exitCodes.failed
  } else if (isUsageError(error)) {
    process.stderr.write(`bdc: ${error.message}; see bdc --help\n`)
    process.exitCode = exitCodes.usage
  } else if (isFileError(error)) {
    process.stderr.write(`bdc: ${error.message}\n`)
    process.exitCode = exitCodes.failed
  } else throw error
}
