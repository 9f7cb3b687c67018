import { expect, test } from 'vitest'
import { MemorySink } from '../../../src/sinks/memory/sink.ts'

test.each([0, 1, 3, 7, 100])('keeps the newest %i events, oldest first', async (keep) => {
  const sink = new MemorySink(keep)
  const written: string[] = []
  for (let batch = 0; batch < 20; batch += 1) {
    const payloads = Array.from({ length: batch % 5 }, (_, index) => `${batch}/${index}`)
    written.push(...payloads)
    const items = payloads.map((payload) => ({ payload, sizeBytes: payload.length }))
    await sink.write({ partition: 0, items })
    expect(sink.events).toEqual(written.slice(Math.max(0, written.length - keep)))
  }
})
