import { type ConfigOf, bytes, text } from '../settings.ts'

export const deadLetterSettings = {
  DEAD_LETTER_DIR: text({
    default: './data/dead-letter',
    doc: 'Where reports that the sink can never take are kept',
  }),
  DEAD_LETTER_MAX_BYTES: bytes({
    default: '1GiB',
    min: 1,
    doc: 'Size at which no more dead letters are kept; their partitions then stand still',
  }),
}

export type DeadLetterConfig = ConfigOf<typeof deadLetterSettings>
