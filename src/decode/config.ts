import { type ConfigOf, bytes, integer } from '../settings.ts'

export const decodeSettings = {
  INFLATED_LIMIT_BYTES: bytes({
    default: '32MiB',
    min: 1,
    doc: 'Largest body after decompression',
  }),
  INFLATED_RATIO_LIMIT: integer({
    default: '200',
    min: 1,
    doc: 'Largest ratio of decompressed to compressed size, for what inflates beyond 1 MiB',
  }),
  NESTING_LIMIT: integer({
    default: '64',
    min: 2,
    max: 1_000,
    doc: 'Deepest nesting of a JSON report',
  }),
  REPORTS_LIMIT: integer({
    default: '1000',
    min: 1,
    doc: 'Most reports of one request',
  }),
  PARAMETERS_LIMIT: integer({
    default: '200000',
    min: 1,
    doc: 'Most parameters of one request, in all its reports',
  }),
}

export type DecodeConfig = ConfigOf<typeof decodeSettings>
