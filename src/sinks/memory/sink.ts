import { SinkError } from '../../errors.ts'
import { encodeEvent } from '../../report/event.ts'
import type { Batch, Encoded, Rejection, Sink } from '../sink.ts'
import type { MemoryConfig } from './config.ts'

/** Keeps the newest events in memory and nothing anywhere else: for tests and benches. */
export class MemorySink implements Sink<string> {
  readonly limits = { maxBatchReports: 1_000, maxBatchBytes: 2 ** 20, maxInFlight: Infinity }
  /** Up to twice as many as are kept, so that to forget the others costs little per event. */
  readonly #events: string[] = []
  readonly #keepEvents: number
  #closed = false

  constructor(keepEvents: number) {
    this.#keepEvents = keepEvents
  }

  /** Canonical events as JSON, oldest first. */
  get events(): readonly string[] {
    return this.#events.slice(Math.max(0, this.#events.length - this.#keepEvents))
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
    for (const { payload } of batch.items) this.#events.push(payload)
    if (this.#events.length > 2 * this.#keepEvents)
      this.#events.splice(0, this.#events.length - this.#keepEvents)
    return Promise.resolve([])
  }

  close(): Promise<void> {
    this.#closed = true
    return Promise.resolve()
  }
}

export const createMemorySink = ({ memoryKeepEvents }: MemoryConfig) =>
  new MemorySink(memoryKeepEvents)
