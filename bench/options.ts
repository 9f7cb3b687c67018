import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { commonOptions } from './cli.ts'
import type { CompareOptions } from './compare.ts'

export const help = `What a report costs the collector, against a bare Fastify server in the same run.

Usage: npm run bench -- [options]

Starts the collector (src/main.ts, SINK=memory) and the bare server, one process each, on free
ports of 127.0.0.1, and loads them in turns over keep-alive connections: reports of 10 and 60
parameters in each of the four formats, from 1000 devices. Only ratios carry over from one
machine to another, and the load generator needs a core of its own. Takes about four minutes.

  --seconds N      of load per round (3)
  --rounds N       rounds per case and server, medians are shown (3)
  --connections N  open at once, 1 to 1000 (50)
  --only TEXT      only cases whose name contains TEXT, such as "NameValuePair 10" or "Column"
  --json FILE      also write all figures to FILE
  --profile DIR    write a CPU profile of the collector per case to DIR; profiling slows it down
  --help           this text

The table goes to stdout, progress to stderr.

Examples:
  npm run bench
  npm run bench -- --only NameValuePair --rounds 5
  npm run bench -- --only "NameValuePair 10" --profile profiles
  npm run --silent bench -- --json bench.json > bench.md

Exit codes:
  0    done
  1    a server did not start, or an answer was not 2xx
  64   wrong usage
  130  ended by a signal
`

export interface Options extends CompareOptions {
  readonly only: string
  readonly json: string | undefined
}

/** @throws TypeError for wrong usage; undefined: help was asked for */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '3' },
      connections: { type: 'string', default: '50' },
      ...commonOptions,
      profile: { type: 'string' },
    },
  })
  if (values.help) return undefined
  return {
    seconds: number('seconds', values.seconds, 600),
    rounds: number('rounds', values.rounds, 100),
    connections: number('connections', values.connections, 1_000),
    only: values.only,
    json: values.json,
    profile: values.profile === undefined ? undefined : resolve(values.profile),
  }
}

/** @throws TypeError for what is not a whole number from 1 to max */
export function number(name: string, text: string, max: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new TypeError(`--${name} is a whole number from 1 to ${max}`)
  return value
}
