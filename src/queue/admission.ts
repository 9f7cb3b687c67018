/**
 * An admitted transfer on its way to safety. It is safe when each of its reports has been
 * settled: acknowledged by the sink, or kept as a dead letter.
 */
export class Admission {
  readonly safe: Promise<void>
  #pending: number
  #resolve!: () => void

  constructor(reports: number) {
    this.#pending = reports
    this.safe = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** Called by the queue, once per report. */
  settleOne(): void {
    this.#pending -= 1
    if (this.#pending === 0) this.#resolve()
  }
}
