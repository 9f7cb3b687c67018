import type { Histogram, Registry } from 'prom-client'

/** In seconds. */
export const latencyBuckets = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60,
]

/**
 * A histogram of durations without labels, for what is measured with every report: prom-client's
 * own looks up labels, checks and hashes them each time. This one counts, and at a scrape tells
 * prom-client's registry what the registry asks of any metric.
 */
export class Latency {
  readonly name: string
  readonly #help: string
  /** Each counts what is above the bound before it. */
  readonly #buckets = [...latencyBuckets, Infinity].map((bound) => ({ bound, count: 0 }))
  #sumSeconds = 0

  constructor(registry: Registry, { name, help }: { name: string; help: string }) {
    this.name = name
    this.#help = help
    // The registry wants a name and get(), its type one of prom-client's own classes.
    registry.registerMetric(this as unknown as Histogram)
  }

  observe(seconds: number): void {
    for (const bucket of this.#buckets)
      if (seconds <= bucket.bound) {
        bucket.count += 1
        break
      }
    this.#sumSeconds += seconds
  }

  /** Returns what observes the seconds until it is called. */
  startTimer(): () => number {
    const startMs = performance.now()
    return () => {
      const seconds = (performance.now() - startMs) / 1000
      this.observe(seconds)
      return seconds
    }
  }

  get() {
    let count = 0
    const buckets = this.#buckets.map((bucket) => ({
      metricName: `${this.name}_bucket`,
      labels: { le: bucket.bound === Infinity ? '+Inf' : bucket.bound },
      value: (count += bucket.count),
    }))
    return Promise.resolve({
      name: this.name,
      help: this.#help,
      type: 'histogram',
      aggregator: 'sum',
      values: [
        ...buckets,
        { metricName: `${this.name}_sum`, labels: {}, value: this.#sumSeconds },
        { metricName: `${this.name}_count`, labels: {}, value: count },
      ],
    })
  }
}
