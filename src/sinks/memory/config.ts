import { type ConfigOf, integer } from '../../settings.ts'

export const memorySettings = {
  MEMORY_KEEP_EVENTS: integer({
    default: '1000',
    doc: 'Newest events that the memory sink keeps',
  }),
}

export type MemoryConfig = ConfigOf<typeof memorySettings>
