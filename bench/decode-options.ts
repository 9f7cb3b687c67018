import { parseArgs } from 'node:util'
import { commonOptions } from './cli.ts'
import { number } from './options.ts'

export const help = `What understanding a report costs, against a naive reader in the same process.

Usage: node bench/decode.ts [options]

Reads reports of 10, 60 and 800 parameters in each of the four formats, from the bytes of the body
to its parameters: once with the collector's decode and normalize, once with the floor, which is
JSON.parse and a recursive flatten, or a split into rows and cells. Both sides take turns. Only
ratios carry over from one machine to another. Takes about a minute.

  --rounds N   rounds per case, medians are shown (21)
  --only TEXT  only cases whose name contains TEXT, such as "NameValuePair 10" or "Column"
  --json FILE  also write all figures to FILE
  --help       this text

The table goes to stdout, progress to stderr.

Examples:
  node bench/decode.ts
  node bench/decode.ts --only Column --rounds 51

Exit codes:
  0    done
  1    a report was not read as it should be
  64   wrong usage
`

export interface Options {
  readonly rounds: number
  readonly only: string
  readonly json: string | undefined
}

/** @throws TypeError for wrong usage; undefined: help was asked for */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '21' },
      ...commonOptions,
    },
  })
  if (values.help) return undefined
  return {
    rounds: number('rounds', values.rounds, 10_000),
    only: values.only,
    json: values.json,
  }
}
