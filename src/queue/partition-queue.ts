import type { Report } from '../report/report.ts'
import type { Admission } from './admission.ts'

/** One report in a queue, with what is owed for it. */
export interface Entry {
  readonly report: Report
  /** Its share of the queue's bytes. */
  readonly sizeBytes: number
  readonly admission: Admission
}

/**
 * The reports of one partition, first in, first out, bounded by number and bytes.
 *
 * Taking an entry does not free its place, settling it does: the limits bound all that is
 * admitted and not yet safe, wherever it is, so a stalled sink cannot make memory grow.
 */
export class PartitionQueue {
  readonly partition: string
  readonly #limitReports: number
  readonly #limitBytes: number
  #waiting: Entry[] = []
  #head = 0
  #heldReports = 0
  #heldBytes = 0
  #closed = false
  #takers: (() => void)[] = []

  constructor(partition: string, limitReports: number, limitBytes: number) {
    this.partition = partition
    this.#limitReports = limitReports
    this.#limitBytes = limitBytes
  }

  /** Admitted and not yet settled. */
  get heldReports(): number {
    return this.#heldReports
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Admitted and not yet taken. */
  get waitingReports(): number {
    return this.#waiting.length - this.#head
  }

  /**
   * Takes in all of the entries, or none of them and answers false. An empty queue takes them
   * whatever their size, or a device whose retained reports outgrew the limits could never
   * deliver them.
   */
  offer(entries: readonly Entry[]): boolean {
    const sizeBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0)
    if (
      this.#closed ||
      (this.#heldReports > 0 &&
        (this.#heldReports + entries.length > this.#limitReports ||
          this.#heldBytes + sizeBytes > this.#limitBytes))
    )
      return false
    for (const entry of entries) this.#waiting.push(entry)
    this.#heldReports += entries.length
    this.#heldBytes += sizeBytes
    this.#wakeTakers()
    return true
  }

  /** Waits until there is an entry to take; false when the queue is closed and drained. */
  async ready(): Promise<boolean> {
    while (this.waitingReports === 0) {
      if (this.#closed) return false
      await new Promise<void>((resolve) => this.#takers.push(resolve))
    }
    return true
  }

  /** Waits until so many entries can be taken, no longer than that, and not past close(). */
  async gather(reports: number, waitMs: number): Promise<void> {
    // A queue that is full has no more to wait for.
    const enough = Math.min(reports, this.#limitReports)
    const wait = { over: false }
    const timer = setTimeout(() => {
      wait.over = true
      this.#wakeTakers()
    }, waitMs)
    while (!wait.over && !this.#closed && this.waitingReports < enough)
      await new Promise<void>((resolve) => this.#takers.push(resolve))
    clearTimeout(timer)
  }

  /** The oldest entry that nobody has taken. */
  peek(): Entry | undefined {
    return this.#waiting[this.#head]
  }

  /** Takes that entry. */
  shift(): void {
    this.#head += 1
    if (this.#head === this.#waiting.length) {
      this.#waiting = []
      this.#head = 0
    } else if (this.#head === 1024) {
      this.#waiting = this.#waiting.slice(this.#head)
      this.#head = 0
    }
  }

  /** The entry is safe: frees its place and tells its transfer. */
  settle(entry: Entry): void {
    this.#heldReports -= 1
    this.#heldBytes -= entry.sizeBytes
    entry.admission.settleOne()
  }

  /** Takes in nothing more; takers get what is left, then nothing. */
  close(): void {
    this.#closed = true
    this.#wakeTakers()
  }

  #wakeTakers(): void {
    for (const wake of this.#takers.splice(0)) wake()
  }
}
