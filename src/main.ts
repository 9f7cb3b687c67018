#!/usr/bin/env node
import { parse } from 'dotenv'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Collector } from './collector.ts'
import { type Env, readConfig } from './config/config.ts'
import { describeSettings, effectiveConfig, unknownNames } from './config/describe.ts'
import { ConfigError } from './errors.ts'
import { createLogger } from './telemetry/logger.ts'

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string }

const exitCodes = { ok: 0, failed: 1, undelivered: 2, usage: 64 } as const

const help = `bdc ${version}: HTTP bulk data collector for TR-069 and TR-369 devices

Usage: bdc [start] [--check-config]
       bdc check
       bdc --help | --version

  start           take in reports until SIGTERM or SIGINT (the default)
  check           the same as start --check-config
  --check-config  validate the configuration, print it with secrets masked, and end
  --help          this text and every variable
  --version       the version

Configuration comes from the environment; config.env in the working directory fills in what
the environment does not set.

Examples:
  bdc
  SINK=memory PORT=9000 bdc start
  bdc check > effective.env

Exit codes:
  0    ended cleanly, everything admitted was delivered
  1    the configuration has faults, or the collector could not start or crashed
  2    at the shutdown deadline some admitted reports were not delivered
  64   wrong usage
  130  ended at once by a second signal

Variables (default):
`

function helpText(): string {
  const lines = describeSettings().map(
    ({ name, doc, allowed, default: fallback }) =>
      `  ${name} (${fallback ?? 'unset'})\n      ${doc}: ${allowed}\n`,
  )
  return help + lines.join('')
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

function check(): number {
  const { env, misspelt } = readEnv()
  readConfig(env)
  process.stdout.write(effectiveConfig(env) + '\n')
  for (const name of misspelt)
    process.stderr.write(`warning: config.env sets ${name}, which is no variable of bdc\n`)
  return exitCodes.ok
}

async function start(): Promise<number> {
  const { env, misspelt } = readEnv()
  const config = readConfig(env)
  const logger = createLogger(config.telemetry)
  for (const name of misspelt) logger.warn({ name }, 'config.env sets an unknown variable')

  const collector = await Collector.create(config, version, logger)
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    const signals: NodeJS.Signals[] = ['SIGTERM', 'SIGINT']
    for (const signal of signals)
      process.once(signal, () => {
        for (const again of signals) process.on(again, () => process.exit(130))
        resolve(signal)
      })
  })
  logger.info({ version, sink: config.sink.sink, ackMode: config.http.ackMode }, 'starting')
  const started = collector.start()
  started.catch(() => undefined)
  try {
    const signal = await Promise.race([signalled, started.then(() => signalled)])
    logger.info({ signal }, 'shutting down')
  } catch (error) {
    logger.fatal({ err: error }, `cannot start: ${(error as Error).message}`)
    await collector.close()
    return exitCodes.failed
  }
  const undelivered = await collector.close()
  if (undelivered > 0) logger.error({ undelivered }, 'admitted reports were not delivered')
  else logger.info('everything admitted was delivered')
  return undelivered > 0 ? exitCodes.undelivered : exitCodes.ok
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'check-config': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  })
  const [command = 'start', ...surplus] = positionals
  if (surplus.length > 0) throw new TypeError(`unexpected argument ${surplus.join(' ')}`)
  if (values.help === true) return 'help'
  if (values.version === true) return 'version'
  if (command === 'check' || (command === 'start' && values['check-config'] === true))
    return 'check'
  if (command === 'start') return 'start'
  throw new TypeError(`unknown command ${command}`)
}

async function main(args: readonly string[]): Promise<number> {
  let command: ReturnType<typeof readArguments>
  try {
    command = readArguments(args)
  } catch (error) {
    process.stderr.write(`bdc: ${(error as Error).message}; see bdc --help\n`)
    return exitCodes.usage
  }
  switch (command) {
    case 'help':
      process.stdout.write(helpText())
      return exitCodes.ok
    case 'version':
      process.stdout.write(`${version}\n`)
      return exitCodes.ok
    case 'check':
      return check()
    case 'start':
      return start()
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`The configuration has ${error.faults.length} fault(s):\n`)
  for (const { name, problem } of error.faults) process.stderr.write(`  ${name}: ${problem}\n`)
  process.exitCode = exitCodes.failed
}
