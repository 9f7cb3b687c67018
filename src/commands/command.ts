import type { Env } from '../config/config.ts'

/** What a command is given of the process it runs in. */
export interface CommandContext {
  readonly args: readonly string[]
  readonly env: Env
  /** Names in config.env that no setting has. */
  readonly misspelt: readonly string[]
  readonly version: string
}

/** Runs to its end. @returns the exit code */
export type Run = (context: CommandContext) => Promise<number>

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  /** Usage, options, examples and exit codes. */
  readonly help: string
  readonly load: () => Promise<Run>
}

export const exitCodes = {
  ok: 0,
  failed: 1,
  undelivered: 2,
  notUnderstood: 3,
  usage: 64,
  secondSignal: 130,
} as const

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
