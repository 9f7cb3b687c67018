import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { type SinkName, sinkNames, sinks } from '../../src/sinks/registry.ts'
import type { FileConfig } from '../../src/sinks/file/config.ts'
import type { MemoryConfig } from '../../src/sinks/memory/config.ts'
import { MemorySink } from '../../src/sinks/memory/sink.ts'
import { createTestDirectory } from '../ndjson/directory.ts'
import { parseEvent } from '../report/event-object.ts'
import { ChaosSink } from './chaos.ts'
import { type SinkHarness, conformance } from './conformance.ts'

const context = { logger: pino({ level: 'silent' }) }

/** One per sink that SINK can name. */
const harnesses: Readonly<Record<SinkName, SinkHarness>> = {
  file: {
    name: 'file',
    async open() {
      const directory = await createTestDirectory()
      const config: FileConfig = { fileDir: directory.path, fileRotateBytes: 2 ** 30 }
      return {
        sink: await sinks.file.open(config, context),
        delivered: async () => (await directory.lines()).map(parseEvent),
        dispose: () => directory[Symbol.asyncDispose](),
      }
    },
  },
  memory: {
    name: 'memory',
    async open() {
      const config: MemoryConfig = { memoryKeepEvents: 1_000 }
      const sink = await sinks.memory.open(config, context)
      if (!(sink instanceof MemorySink)) throw new TypeError('the memory sink is another')
      return {
        sink,
        delivered: () => Promise.resolve(sink.events.map(parseEvent)),
        dispose: () => Promise.resolve(),
      }
    },
  },
}

test('every registered sink has a harness, so that it must pass the suite', () => {
  expect(Object.keys(harnesses).toSorted()).toEqual(sinkNames.toSorted())
})

for (const harness of Object.values(harnesses)) conformance(harness)

describe('the chaos sink without faults is a sink like any other', () => {
  conformance({
    name: 'chaos',
    open: () => {
      const sink = new ChaosSink({ seed: 1 })
      return Promise.resolve({
        sink,
        delivered: () => Promise.resolve(sink.delivered.map(({ event }) => parseEvent(event))),
        dispose: () => Promise.resolve(),
      })
    },
  })
})
