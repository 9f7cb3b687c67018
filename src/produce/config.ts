import { type ConfigOf, duration, integer } from '../settings.ts'

export const produceSettings = {
  PARTITION_PRODUCERS_COUNT: integer({
    default: '1',
    min: 1,
    max: 64,
    doc: 'Producers per partition; more trade the order of a device for throughput',
  }),
  LINGER_MS: duration({
    default: '0',
    max: 60_000,
    doc: 'How long a producer waits for a batch to fill; batches form by themselves under load',
  }),
  WRITE_TIMEOUT_MS: duration({
    default: '10s',
    min: 1,
    doc: 'A batch that the sink has not acknowledged by then is written again',
  }),
  RETRY_MIN_MS: duration({
    default: '100ms',
    min: 1,
    doc: 'First wait before a batch is written again; doubles with each failure',
  }),
  RETRY_MAX_MS: duration({
    default: '10s',
    min: 1,
    doc: 'Longest wait before a batch is written again',
  }),
}

export type ProduceConfig = ConfigOf<typeof produceSettings>
