import { setTimeout as delay } from 'node:timers/promises'
import { SinkError } from '../errors.ts'
import type { Sink } from '../sinks/sink.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { ProduceConfig } from './config.ts'
import { backoffMs } from './retry.ts'
import type { SinkHealth } from './sink-health.ts'

/**
 * Connects the sink, trying again for as long as it takes.
 * @returns the partition ids of the destination, or undefined if it has none
 * @throws the signal's reason
 */
export async function connectSink(
  sink: Sink,
  health: SinkHealth,
  config: ProduceConfig,
  logger: Logger,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    try {
      const partitions = await sink.connect(signal)
      health.connected()
      return partitions
    } catch (error) {
      const { code, message, verdict } =
        error instanceof SinkError
          ? error
          : new SinkError('retry', 'BDC_SINK_CONNECT', String(error), { cause: error })
      health.failed({ code, message, verdict })
      const waitMs = backoffMs(attempt, config)
      logger.warn({ code, verdict, attempt, waitMs }, `sink does not connect: ${message}`)
      await delay(waitMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
