import { type Case, createCases } from './reports.ts'

export const exitCodes = { ok: 0, failed: 1, usage: 64, signalled: 130 } as const

/** Options of every bench, as parseArgs takes them. */
export const commonOptions = {
  only: { type: 'string', default: '' },
  json: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

export interface Bench<Options extends { readonly only: string }> {
  /** How it is called, for the hint after wrong usage. */
  readonly command: string
  readonly help: string
  readonly devices: number
  readonly parameterCounts: readonly number[]
  /** @throws for wrong usage; undefined: help was asked for */
  readOptions(args: readonly string[]): Options | undefined
  /** @returns the exit code */
  run(cases: readonly Case[], options: Options): Promise<number>
}

export const progress = (text: string) => {
  process.stderr.write(text + '\n')
}

/** Runs a bench over the cases that the command line leaves of it. @returns the exit code */
export async function runBench<Options extends { readonly only: string }>(
  bench: Bench<Options>,
  args: readonly string[],
): Promise<number> {
  let options: Options | undefined
  try {
    options = bench.readOptions(args)
  } catch (error) {
    progress(`bench: ${(error as Error).message}; see ${bench.command} --help`)
    return exitCodes.usage
  }
  if (options === undefined) {
    process.stdout.write(bench.help)
    return exitCodes.ok
  }
  const { only } = options
  const cases = createCases(bench.devices, bench.parameterCounts).filter(({ name }) =>
    name.includes(only),
  )
  if (cases.length > 0) return bench.run(cases, options)
  progress(`bench: no case has ${JSON.stringify(only)} in its name`)
  return exitCodes.usage
}
