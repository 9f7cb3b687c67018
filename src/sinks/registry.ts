import type { ConfigOf, Shape } from '../settings.ts'
import { fileSettings } from './file/config.ts'
import { memorySettings } from './memory/config.ts'
import type { Sink, SinkContext } from './sink.ts'

/** A sink that SINK can name: its settings, and its code, loaded only when it is chosen. */
export interface SinkEntry {
  readonly settings: Shape
  open(config: unknown, context: SinkContext): Promise<Sink>
}

function entry<S extends Shape>(
  settings: S,
  load: () => Promise<(config: ConfigOf<S>, context: SinkContext) => Sink>,
): SinkEntry {
  return {
    settings,
    open: async (config, context) => (await load())(config as ConfigOf<S>, context),
  }
}

export const sinks = {
  file: entry(fileSettings, async () => (await import('./file/sink.ts')).createFileSink),
  memory: entry(memorySettings, async () => (await import('./memory/sink.ts')).createMemorySink),
} as const satisfies Record<string, SinkEntry>

export type SinkName = keyof typeof sinks
export const sinkNames = Object.keys(sinks) as SinkName[]
