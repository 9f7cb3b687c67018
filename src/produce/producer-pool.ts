import type { PartitionQueue } from '../queue/partition-queue.ts'
import { InFlight } from './in-flight.ts'
import { Producer, type ProducerContext } from './producer.ts'

/** The producers of all partitions, from start to drain. */
export class ProducerPool {
  readonly #queues: readonly PartitionQueue[]
  readonly #running: Promise<unknown>

  constructor(queues: readonly PartitionQueue[], context: Omit<ProducerContext, 'inFlight'>) {
    this.#queues = queues
    const inFlight = new InFlight(context.sink.limits.maxInFlight)
    const producers = queues.flatMap((queue, partition) =>
      Array.from(
        { length: context.config.partitionProducersCount },
        () => new Producer(queue, partition, { ...context, inFlight }),
      ),
    )
    this.#running = Promise.all(producers.map((producer) => producer.run()))
  }

  /**
   * Takes in nothing more and delivers what was admitted, until the context's signal.
   * @returns how many reports were admitted and never settled
   */
  async drain(): Promise<number> {
    for (const queue of this.#queues) queue.close()
    await this.#running
    return this.#queues.reduce((sum, { heldReports }) => sum + heldReports, 0)
  }
}
