import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { readConfig } from '../config/config.ts'
import { TransferError } from '../errors.ts'
import { explainUpload } from '../normalize/explain.ts'
import { knowledgeOf } from '../normalize/normalize.ts'
import type { Upload } from '../report/transfer.ts'
import { type CommandContext, UsageError, exitCodes } from './command.ts'
import { explanationText } from './explanation-text.ts'

/** Shows how one upload would be understood. */
export async function explain({ args, env }: CommandContext): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      target: { type: 'string', default: '/collector' },
      header: { type: 'string', multiple: true, default: [] },
      method: { type: 'string', default: 'POST' },
      user: { type: 'string' },
      address: { type: 'string', default: '192.0.2.1' },
      json: { type: 'boolean', default: false },
    },
  })
  const [file, ...surplus] = positionals
  if (file === undefined || surplus.length > 0) throw new UsageError('one FILE is needed')
  const upload: Upload = {
    method: values.method,
    target: values.target,
    headers: readHeaders(values.header),
    body: file === '-' ? await buffer(process.stdin) : await readFile(file),
    receivedTimeMs: Date.now(),
    remoteAddress: values.address,
    user: values.user,
  }
  const { decode, normalize } = readConfig(env)
  const explanation = await explainUpload(upload, knowledgeOf(decode, normalize))
  process.stdout.write(
    values.json ? JSON.stringify(explanation) + '\n' : explanationText(explanation),
  )
  return explanation.fault instanceof TransferError ? exitCodes.notUnderstood : exitCodes.ok
}

/** A header that comes twice is joined with a comma, as Node does. */
function readHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [, name, value = ''] = /^\s*([^\s:]+)\s*:(.*)$/s.exec(line) ?? []
    if (name === undefined) throw new UsageError(`${JSON.stringify(line)} is no header`)
    const key = name.toLowerCase()
    const before = headers[key]
    headers[key] = before === undefined ? value.trim() : `${before}, ${value.trim()}`
  }
  return headers
}
