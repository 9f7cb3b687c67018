import { encodeEvent } from '../../report/event.ts'
import type { Batch, Encoded, Rejection, Sink } from '../sink.ts'
import type { MemoryConfig } from './config.ts'

/** Keeps the newest events in memory and nothing anywhere else: for tests and benches. */
export class MemorySink implements Sink<string> {
  readonly limits = { maxBatchReports: 1_000, maxBatchBytes: 2 ** 20, maxInFlight: Infinity }
  /** Canonical events as JSON, oldest first. */
  readonly events: string[] = []
  readonly #keepEvents: number

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
    for (const { payload } of batch.items) this.events.push(payload)
    const surplus = this.events.length - this.#keepEvents
    if (surplus > 0) this.events.splice(0, surplus)
    return Promise.resolve([])
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

export const createMemorySink = ({ memoryKeepEvents }: MemoryConfig) =>
  new MemorySink(memoryKeepEvents)
