import type { SinkFaultCode, Verdict } from '../errors.ts'

/** A failure that lasts no longer than this is a hiccup, and retried without alarm. */
const hiccupMs = 5_000

export interface SinkFailure {
  readonly code: SinkFaultCode
  readonly message: string
  readonly verdict: Verdict
}

/**
 * Whether the sink takes reports, as readiness and metrics tell it. Down from the start until
 * connected; then at once on a fatal failure, or when no partition was acknowledged anything
 * since writes began to fail a while ago.
 */
export class SinkHealth {
  #connected = false
  #failure: (SinkFailure & { readonly sinceMs: number }) | undefined

  connected(): void {
    this.#connected = true
    this.#failure = undefined
  }

  acknowledged(): void {
    this.#failure = undefined
  }

  failed(failure: SinkFailure, nowMs = Date.now()): void {
    this.#failure = { ...failure, sinceMs: this.#failure?.sinceMs ?? nowMs }
  }

  /** Undefined: the sink is up. */
  problem(nowMs = Date.now()): SinkFailure | undefined {
    if (!this.#connected)
      return (
        this.#failure ?? {
          code: 'BDC_SINK_CONNECTING',
          message: 'the sink is not connected yet',
          verdict: 'retry',
        }
      )
    const failure = this.#failure
    if (failure === undefined) return undefined
    return failure.verdict === 'fatal' || nowMs - failure.sinceMs >= hiccupMs ? failure : undefined
  }
}
