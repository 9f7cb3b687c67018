import { Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { Latency, latencyBuckets } from '../../src/telemetry/latency.ts'

const described = { name: 'bdc_test_duration_seconds', help: 'What took how long.' }

test("a scrape cannot tell it from prom-client's own, nor can the sum over workers", async () => {
  const [ours, theirs] = [new Registry(), new Registry()]
  const latency = new Latency(ours, described)
  const histogram = new Histogram({ ...described, buckets: latencyBuckets, registers: [theirs] })
  expect(await ours.metrics()).toBe(await theirs.metrics())
  for (const seconds of [0, 0.0004, 0.0005, 0.000501, 0.3, 0.3, 20, 60, 61, 1e9]) {
    latency.observe(seconds)
    histogram.observe(seconds)
  }
  expect(await ours.metrics()).toBe(await theirs.metrics())
  expect(await theirs.getMetricsAsJSON()).toMatchObject(await ours.getMetricsAsJSON())
})

test('a timer observes seconds', async () => {
  const latency = new Latency(new Registry(), described)
  const end = latency.startTimer()
  await new Promise((resolve) => setTimeout(resolve, 20))
  const seconds = end()
  const { values } = await latency.get()
  expect(values.slice(-2).map(({ value }) => value)).toEqual([seconds, 1])
  expect(seconds).toBeGreaterThan(0.015)
  expect(seconds).toBeLessThan(5)
})
