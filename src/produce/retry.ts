import { SinkError } from '../errors.ts'
import type { Rejection } from '../sinks/sink.ts'
import type { ProduceConfig } from './config.ts'

/** What a producer does with a report that was not acknowledged. */
export type Action = 'write-again' | 'write-in-halves' | 'dead-letter'

/**
 * The only place that decides what a sink's failure means. Nothing is ever given up but what
 * can never be delivered: all else is written again until it is.
 * @param batchReports how many reports the failed write carried
 */
export function actionFor({ verdict }: Pick<Rejection, 'verdict'>, batchReports: number): Action {
  switch (verdict) {
    case 'drop':
      return 'dead-letter'
    case 'split':
      return batchReports > 1 ? 'write-in-halves' : 'dead-letter'
    case 'retry':
    case 'fatal':
      return 'write-again'
  }
}

/** A failed write() as a rejection of each of its reports. What no sink foresaw may pass: retry. */
export function rejectAll(error: unknown, batchReports: number): Rejection[] {
  const failure =
    error instanceof SinkError
      ? error
      : new SinkError('retry', 'BDC_SINK_UNEXPECTED', String(error), { cause: error })
  const { verdict, code, message } = failure
  return Array.from({ length: batchReports }, (_, index) => ({ index, verdict, code, message }))
}

/**
 * Exponential backoff with jitter, between half of a step and all of it, so that many producers
 * do not come back at once.
 * @param attempt 1 after the first failure
 * @param random 0 to 1
 */
export function backoffMs(
  attempt: number,
  { retryMinMs, retryMaxMs }: Pick<ProduceConfig, 'retryMinMs' | 'retryMaxMs'>,
  random: number = Math.random(),
): number {
  const ceiling = Math.min(retryMaxMs, retryMinMs * 2 ** Math.min(attempt - 1, 30))
  return Math.ceil(ceiling / 2 + (ceiling / 2) * random)
}
