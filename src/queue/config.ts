import { type ConfigOf, bytes, integer } from '../settings.ts'

export const queueSettings = {
  PARTITION_COUNT: integer({
    default: '8',
    min: 1,
    max: 4_096,
    doc: 'Partitions, for sinks that have none of their own',
  }),
  PARTITION_QUEUE_LIMIT: integer({
    default: '1000',
    min: 1,
    doc: 'Reports that one partition holds until they are settled; an empty one takes any request',
  }),
  PARTITION_QUEUE_BYTES: bytes({
    default: '16MiB',
    min: 1,
    doc: 'Memory that one partition holds until its reports are settled; the same applies',
  }),
}

export type QueueConfig = ConfigOf<typeof queueSettings>
