import { pino } from 'pino'
import { DeadLetters } from '../../src/dead-letter/dead-letters.ts'
import type { ProduceConfig } from '../../src/produce/config.ts'
import type { ProducerContext } from '../../src/produce/producer.ts'
import { SinkHealth } from '../../src/produce/sink-health.ts'
import type { Sink } from '../../src/sinks/sink.ts'
import { LogSampler } from '../../src/telemetry/logger.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'

/** One producer per partition, and waits too short to notice. */
export const hasty: ProduceConfig = {
  partitionProducersCount: 1,
  lingerMs: 0,
  writeTimeoutMs: 10_000,
  retryMinMs: 1,
  retryMaxMs: 2,
}

/** What a producer pool needs, with dead letters in a directory of the test's own. */
export const buildContext = (
  sink: Sink,
  deadLetterDir: string,
  given: Partial<Omit<ProducerContext, 'inFlight'>> = {},
): Omit<ProducerContext, 'inFlight'> => ({
  config: hasty,
  sink,
  health: new SinkHealth(),
  deadLetters: new DeadLetters({ deadLetterDir, deadLetterMaxBytes: 2 ** 30 }),
  metrics: createMetrics('test'),
  logger: pino({ level: 'silent' }),
  sampler: new LogSampler(),
  signal: new AbortController().signal,
  ...given,
})
