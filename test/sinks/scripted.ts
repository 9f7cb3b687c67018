import type { Report } from '../../src/report/report.ts'
import type { Batch, Encoded, Rejection, Sink, SinkLimits } from '../../src/sinks/sink.ts'

export interface ScriptedWrite {
  readonly partition: number
  /** The ids of the reports, in order. */
  readonly ids: readonly string[]
  readonly signal: AbortSignal
}

type Answer = readonly Rejection[] | Promise<readonly Rejection[]>

/** A sink that remembers each write and answers as a test tells it to: takes all if not told. */
export class ScriptedSink implements Sink<string> {
  readonly limits: SinkLimits
  readonly writes: ScriptedWrite[] = []
  /** Decides a write by what it is and how many there were before it. */
  answer: (write: ScriptedWrite, before: number) => Answer = () => []
  connect: Sink['connect'] = () => Promise.resolve(undefined)
  /** What a report counts. */
  sizeOf: (report: Report) => number = () => 1

  constructor(limits: Partial<SinkLimits> = {}) {
    this.limits = {
      maxBatchReports: 100,
      maxBatchBytes: 2 ** 20,
      maxInFlight: Infinity,
      ...limits,
    }
  }

  encode(report: Report): Encoded<string> {
    return { payload: report.id, sizeBytes: this.sizeOf(report) }
  }

  async write({ partition, items }: Batch<string>, signal: AbortSignal) {
    const write = { partition, ids: items.map(({ payload }) => payload), signal }
    const before = this.writes.push(write) - 1
    return this.answer(write, before)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
