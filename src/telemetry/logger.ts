import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { TelemetryConfig } from './config.ts'

export type { Logger }

const redact = {
  paths: ['authorization', '*.authorization', '*.*.authorization', '*.password', '*.secret'],
  censor: '[redacted]',
}

/** JSON lines, or coloured text where the stream is a terminal. */
export function createLogger(
  { logLevel }: TelemetryConfig,
  stream: NodeJS.WriteStream & { fd: 1 | 2 } = process.stdout,
): Logger {
  const options = { level: logLevel, redact, base: null }
  return stream.isTTY
    ? pino(options, pretty({ destination: stream.fd, sync: true, translateTime: 'SYS:HH:MM:ss.l' }))
    : pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(stream.fd))
}

/**
 * Bad input comes in floods: of each key one message per period is let through, and it says
 * how many like it were held back. Keys must come from a bounded set.
 */
export class LogSampler {
  readonly #periodMs: number
  readonly #seen = new Map<string, { untilMs: number; heldBack: number }>()

  constructor(periodMs = 10_000) {
    this.#periodMs = periodMs
  }

  /** The number held back since the last one let through, or undefined to stay silent. */
  admit(key: string, nowMs = Date.now()): { heldBack: number } | undefined {
    const seen = this.#seen.get(key)
    if (seen !== undefined && nowMs < seen.untilMs) {
      seen.heldBack += 1
      return undefined
    }
    this.#seen.set(key, { untilMs: nowMs + this.#periodMs, heldBack: 0 })
    return { heldBack: seen?.heldBack ?? 0 }
  }
}
