import { OverloadError } from '../errors.ts'
import { Admission } from '../queue/admission.ts'
import type { Entry, PartitionQueue } from '../queue/partition-queue.ts'
import type { Transfer } from '../report/transfer.ts'
import { partitionOf } from './partition-key.ts'

/**
 * The partition controller: one queue per partition of the destination, and all reports of one
 * device in the same. (Not a USP Controller: it controls partitions, never agents.)
 */
export class Controller {
  readonly #queues: readonly PartitionQueue[]

  constructor(queues: readonly PartitionQueue[]) {
    if (queues.length === 0) throw new RangeError('a controller needs at least one partition')
    this.#queues = queues
  }

  /**
   * Admits a transfer with at least one report: all of it, or nothing.
   * @throws OverloadError BDC_QUEUE_FULL while the partition has no room for it
   */
  admit(transfer: Transfer): Admission {
    const { device, reports, sizeBytes } = transfer
    const queue = this.#queueOf(partitionOf(device.key, this.#queues.length))
    const shareBytes = Math.ceil(sizeBytes / reports.length)
    const admission = new Admission(reports.length)
    const entries = reports.map((report): Entry => ({ report, sizeBytes: shareBytes, admission }))
    if (!queue.offer(entries))
      throw new OverloadError('BDC_QUEUE_FULL', `partition ${queue.partition} is full`)
    return admission
  }

  #queueOf(partition: number): PartitionQueue {
    const queue = this.#queues[partition]
    if (queue === undefined) throw new RangeError(`no partition ${partition}`)
    return queue
  }
}
