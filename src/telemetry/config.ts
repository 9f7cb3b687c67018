import { type ConfigOf, oneOf } from '../settings.ts'

export const telemetrySettings = {
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    doc: 'Least severe level that is logged',
  }),
}

export type TelemetryConfig = ConfigOf<typeof telemetrySettings>
