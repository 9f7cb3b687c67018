import { OverloadError, TransferError } from '../errors.ts'
import { type Knowledge, understand } from '../normalize/normalize.ts'
import type { Controller } from '../partition/controller.ts'
import type { Quarantine } from '../quarantine/quarantine.ts'
import { Deviations } from '../report/deviation.ts'
import type { Upload } from '../report/transfer.ts'
import type { Logger, LogSampler } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { untilSafe } from './acknowledge.ts'
import type { HttpConfig } from './config.ts'
import type { Outcome } from './reply.ts'

export interface ReceiveContext {
  readonly config: Pick<HttpConfig, 'ackMode' | 'ackDeadlineMs'>
  readonly knowledge: Knowledge
  readonly onMalformed: 'quarantine' | 'reject'
  readonly controller: Controller
  readonly quarantine: Quarantine
  readonly metrics: Metrics
  readonly logger: Logger
  readonly sampler: LogSampler
}

/**
 * The road of one upload up to its answer: understand it, admit it, wait until it is safe.
 * What cannot be understood goes to the quarantine instead.
 * @returns an outcome of success
 * @throws TransferError, OverloadError
 */
export async function receive(
  upload: Upload,
  requestId: string,
  context: ReceiveContext,
): Promise<Outcome> {
  try {
    return await admitOrKeep(upload, requestId, context)
  } catch (error) {
    if (error instanceof OverloadError || error instanceof TransferError)
      tell(error, upload, requestId, context)
    throw error
  }
}

async function admitOrKeep(
  upload: Upload,
  requestId: string,
  context: ReceiveContext,
): Promise<Outcome> {
  try {
    return await admit(upload, context)
  } catch (error) {
    const malformed = error instanceof TransferError && error.kind === 'malformed'
    if (!malformed || context.onMalformed === 'reject') throw error
    await context.quarantine.keep(upload, error)
    tell(error, upload, requestId, context)
    context.metrics.quarantined.inc({ code: error.code })
    return 'quarantined'
  }
}

async function admit(upload: Upload, context: ReceiveContext): Promise<Outcome> {
  const { config, controller, knowledge, metrics } = context
  const met = new Deviations()
  const { transfer } = await understand(upload, knowledge, met).finally(() => {
    for (const code of met) metrics.deviations.inc({ code })
  })
  for (const { format } of transfer.reports) metrics.reportsReceived.inc({ format })
  if (transfer.reports.length === 0) return 'empty'

  const admission = controller.admit(transfer)
  const endTimer = metrics.ackDuration.startTimer()
  void admission.safe.then(() => endTimer())
  if (config.ackMode === 'queued') return 'queued'
  await untilSafe(admission, config.ackDeadlineMs)
  return 'delivered'
}

function tell(
  error: TransferError | OverloadError,
  { body, remoteAddress, target }: Upload,
  requestId: string,
  { logger, sampler }: ReceiveContext,
): void {
  const { code, message } = error
  const sampled = sampler.admit(code)
  if (sampled === undefined) return
  const fields = { reqId: requestId, code, target: target.slice(0, 500), remoteAddress, ...sampled }
  if (error instanceof OverloadError) logger.error({ ...fields, err: error.cause }, message)
  else logger.warn({ ...fields, position: error.position, bytes: body.length }, message)
}
