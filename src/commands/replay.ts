import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { readConfig } from '../config/config.ts'
import { OverloadError, TransferError } from '../errors.ts'
import { readLineFiles, rewriteLineFile } from '../ndjson/reader.ts'
import { type Knowledge, knowledgeOf, understand } from '../normalize/normalize.ts'
import type { Controller } from '../partition/controller.ts'
import { Pipeline, openSink } from '../pipeline.ts'
import { toUpload } from '../quarantine/record.ts'
import { Deviations } from '../report/deviation.ts'
import type { Transfer } from '../report/transfer.ts'
import { LogSampler, createLogger } from '../telemetry/logger.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { type CommandContext, UsageError, exitCodes } from './command.ts'

/** Uploads that are in memory together: one can inflate to INFLATED_LIMIT_BYTES. */
const atOnce = 8

/** What became of the uploads in quarantine. */
interface Summary {
  uploads: number
  /** Understood now; delivered, unless it is a dry run. */
  understood: number
  reports: number
  /** By code. */
  notUnderstood: Record<string, number>
}

/** Resolves when the transfer is safe. */
type Deliver = (transfer: Transfer) => Promise<void>

/** Understands the uploads in quarantine again and delivers what is understood now. */
export async function replay({ args, env, version }: CommandContext): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  if (positionals.length > 1) throw new UsageError('at most one DIR')
  const config = readConfig(env)
  const [directory = config.quarantine.quarantineDir] = positionals
  const knowledge = knowledgeOf(config.decode, config.normalize)
  const summary: Summary = { uploads: 0, understood: 0, reports: 0, notUnderstood: {} }

  if (values['dry-run']) await replayAll(directory, knowledge, undefined, summary)
  else {
    const logger = createLogger(config.telemetry, process.stderr)
    const context = { logger, metrics: createMetrics(version), sampler: new LogSampler() }
    const pipeline = new Pipeline(config, await openSink(config, logger), context)
    const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    void interrupted.then(() => process.exit(exitCodes.undelivered))
    const controller = await pipeline.connect()
    await replayAll(directory, knowledge, (transfer) => deliverTo(controller, transfer), summary)
    await pipeline.close()
  }
  process.stdout.write(values.json ? JSON.stringify(summary) + '\n' : summaryText(summary))
  return exitCodes.ok
}

async function replayAll(
  directory: string,
  knowledge: Knowledge,
  deliver: Deliver | undefined,
  summary: Summary,
): Promise<void> {
  /** @returns the lines that have to stay */
  async function replayLines(lines: readonly string[]): Promise<string[]> {
    const understood = await Promise.all(
      lines.map(async (line) => {
        const transfer = await understandLine(line, knowledge, summary)
        if (transfer !== undefined) await deliver?.(transfer)
        return transfer !== undefined
      }),
    )
    return lines.filter((_line, index) => understood[index] === false)
  }

  for await (const file of readLineFiles(directory)) {
    const left: string[] = []
    for (let from = 0; from < file.lines.length; from += atOnce)
      left.push(...(await replayLines(file.lines.slice(from, from + atOnce))))
    process.stderr.write(`${file.path}: ${file.lines.length - left.length} understood, `)
    process.stderr.write(`${left.length} left\n`)
    if (deliver !== undefined && file.finished && left.length < file.lines.length)
      await rewriteLineFile(file, left)
  }
}

/** Undefined: not understood, now as before. */
async function understandLine(
  line: string,
  knowledge: Knowledge,
  summary: Summary,
): Promise<Transfer | undefined> {
  summary.uploads += 1
  try {
    const { transfer } = await understand(toUpload(line), knowledge, new Deviations())
    summary.understood += 1
    summary.reports += transfer.reports.length
    return transfer
  } catch (error) {
    if (!(error instanceof TransferError || error instanceof SyntaxError)) throw error
    const code = error instanceof TransferError ? error.code : 'not a record of the quarantine'
    summary.notUnderstood[code] = (summary.notUnderstood[code] ?? 0) + 1
    return undefined
  }
}

/** Waits for room where its partition is full. */
async function deliverTo(controller: Controller, transfer: Transfer): Promise<void> {
  if (transfer.reports.length === 0) return
  for (;;)
    try {
      await controller.admit(transfer).safe
      return
    } catch (error) {
      if (!(error instanceof OverloadError)) throw error
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
}

function summaryText({ uploads, understood, reports, notUnderstood }: Summary): string {
  const faults = Object.entries(notUnderstood).map(([code, count]) => `  ${count} ${code}\n`)
  return (
    `${uploads} uploads in quarantine, ${understood} understood with ${reports} reports\n` +
    (faults.length === 0 ? '' : `not understood:\n${faults.join('')}`)
  )
}
