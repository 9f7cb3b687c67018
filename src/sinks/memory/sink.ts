import { SinkError } from '../../errors.ts'
import { encodeEvent } from '../../report/event.ts'
import type { Batch, Encoded, Rejection, Sink } from '../sink.ts'
import type { MemoryConfig } from './config.ts'

/** Keeps the newest events in memory and nothing anywhere else: for tests and benches. */
export class MemorySink implements Sink<string> {
  readonly limits = { maxBatchReports: 1_000, maxBatchBytes: 2 ** 20, maxInFlight: Infinity }
  /** Canonical events as JSON, oldest first. */
  readonly events: string[] = []
  readonly #keepEvents: number
  #closed = false

  constructor(keepEvents: number) {
    this.#keepEvents = keepEvents
  }

  connect(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  encode(report: Parameters<Sink['encode']>[0]): Encoded<string> {
    const payload = encodeEvent(report)
    return { payload, sizeBytes: Buffer.byteLength(payload) }
  }

  write(batch: Batch<string>): Promise<readonly Rejection[]> {
    if (this.#closed)
      return Promise.reject(new SinkError('retry', 'BDC_SINK_CLOSED', 'the sink is closed'))
    for (const { payload } of batch.items) this.events.push(payload)
    const surplus = this.events.length - this.#keepEvents
    if (surplus > 0) this.events.splice(0, surplus)
    return Promise.resolve([])
  }

  close(): Promise<void> {
    this.#closed = true
    return Promise.resolve()
  }
}

export const createMemorySink = ({ memoryKeepEvents }: MemoryConfig) =>
  new MemorySink(memoryKeepEvents)
