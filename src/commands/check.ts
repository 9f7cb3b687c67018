import { parseArgs } from 'node:util'
import { readConfig } from '../config/config.ts'
import { effectiveConfig } from '../config/describe.ts'
import { knowledgeOf } from '../normalize/normalize.ts'
import { type CommandContext, exitCodes } from './command.ts'

/** Validates the configuration and prints what is in force. */
export function check({ args, env, misspelt }: CommandContext): Promise<number> {
  parseArgs({ args: [...args] })
  const { decode, normalize } = readConfig(env)
  knowledgeOf(decode, normalize)
  process.stdout.write(effectiveConfig(env) + '\n')
  for (const name of misspelt)
    process.stderr.write(`warning: config.env sets ${name}, which is no variable of bdc\n`)
  return Promise.resolve(exitCodes.ok)
}
