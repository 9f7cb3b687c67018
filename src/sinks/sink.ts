import type { SinkFaultCode, Verdict } from '../errors.ts'
import type { Report } from '../report/report.ts'
import type { Logger } from '../telemetry/logger.ts'

/** A report as the sink will send it. */
export interface Encoded<P> {
  readonly payload: P
  /** What it counts towards maxBatchBytes. */
  readonly sizeBytes: number
}

export interface Batch<P> {
  /** The index of the partition: of the destination's own list, or of PARTITION_COUNT lanes. */
  readonly partition: number
  readonly items: readonly Encoded<P>[]
}

/** One report of a batch that the destination did not take. */
export interface Rejection {
  /** Its place in the batch. */
  readonly index: number
  readonly verdict: Verdict
  readonly code: SinkFaultCode
  readonly message: string
}

export interface SinkLimits {
  readonly maxBatchReports: number
  readonly maxBatchBytes: number
  /** Concurrent calls of write(). */
  readonly maxInFlight: number
}

/**
 * A destination of reports. It never buffers: a pending write() is the backpressure.
 * Batching, retry, timeouts and metrics are not its business but the producers'.
 */
export interface Sink<P = unknown> {
  readonly limits: SinkLimits
  /**
   * Opens the destination; called again after it failed.
   * @returns partition ids of the destination, or undefined to use PARTITION_COUNT lanes
   * @throws SinkError
   */
  connect(signal: AbortSignal): Promise<readonly string[] | undefined>
  /**
   * Pure.
   * @throws SinkError with verdict `drop` for a report that can never be sent
   */
  encode(report: Report): Encoded<P>
  /**
   * Resolves when all but the returned rejections are acknowledged by the destination, whole
   * and in order; throws a SinkError if the whole batch failed. After the signal the outcome is
   * no longer awaited and the batch may be written again. The signal is the same for many
   * writes: what listens to it must stop when its write is over.
   */
  write(batch: Batch<P>, signal: AbortSignal): Promise<readonly Rejection[]>
  /** Idempotent, legal before connect(), gives up at the signal. */
  close(signal: AbortSignal): Promise<void>
}

/** What every sink is given beside its own settings. */
export interface SinkContext {
  readonly logger: Logger
}
