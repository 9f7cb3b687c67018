import type { FastifyReply } from 'fastify'
import { type OverloadCode, OverloadError, TransferError } from '../errors.ts'

/**
 * What can become of a request to the device port, and how it is answered. The only place that
 * knows status codes. Never 3xx: some agents count it as delivered (ubbf, Casa).
 */
const statusOf = {
  delivered: 'success',
  queued: 'success',
  empty: 'success',
  quarantined: 'success',
  malformed: 400,
  incomplete: 400,
  'not-found': 404,
  'method-not-allowed': 405,
  'too-large': 413,
  'unsupported-coding': 415,
  error: 500,
  'queue-full': 503,
  late: 503,
  'quarantine-failed': 503,
} as const

const overloadOutcomes = {
  BDC_QUEUE_FULL: 'queue-full',
  BDC_ACK_DEADLINE: 'late',
  BDC_QUARANTINE_FAILED: 'quarantine-failed',
} as const satisfies Record<OverloadCode, string>

export type Outcome = keyof typeof statusOf

export const outcomes = Object.keys(statusOf) as Outcome[]

/** Seconds; no known agent reads it, balancers and testers do. */
const retryAfterSeconds = 30

/** The outcome of a request that failed. What is none of our errors is a bug. */
export function failureOutcome(error: unknown): Outcome {
  if (error instanceof TransferError) return error.kind
  if (error instanceof OverloadError) return overloadOutcomes[error.code]
  return 'error'
}

/** Success has an empty body (RDK writes it to a file); a failure says what was wrong and where. */
export function sendAnswer(
  reply: FastifyReply,
  outcome: Outcome,
  successStatus: number,
  error?: unknown,
): FastifyReply {
  const status = statusOf[outcome]
  if (status === 'success') return reply.code(successStatus).send()
  reply.code(status).type('application/problem+json')
  if (status === 503) reply.header('retry-after', retryAfterSeconds)
  if (outcome === 'method-not-allowed') reply.header('allow', 'POST, PUT')
  return reply.send(JSON.stringify(problem(status, outcome, error)))
}

/** RFC 9457, with our code and position as extension members. */
function problem(status: number, outcome: Outcome, error: unknown) {
  const known = error instanceof TransferError || error instanceof OverloadError ? error : undefined
  return {
    title: outcome,
    status,
    code: known?.code,
    detail: known?.message,
    position: error instanceof TransferError ? error.position : undefined,
  }
}
