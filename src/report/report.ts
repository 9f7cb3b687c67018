import type { Device } from './device.ts'

/** The four report formats, spelled as in TR-181 BulkData.Profile.{i}.*Encoding.ReportFormat. */
export const formats = [
  'ParameterPerRow',
  'ParameterPerColumn',
  'ObjectHierarchy',
  'NameValuePair',
] as const
export type Format = (typeof formats)[number]

/** TR-106 base types, as a ParameterPerRow report declares them (R-BULK.13). */
export const parameterTypes = [
  'base64',
  'boolean',
  'dateTime',
  'decimal',
  'hexBinary',
  'int',
  'long',
  'string',
  'unsignedInt',
  'unsignedLong',
] as const
export type ParameterType = (typeof parameterTypes)[number]

/** A bigint stands for an integer that a double cannot hold exactly, and for nothing else. */
export type ParameterValue = string | number | bigint | boolean | null

export interface Parameter {
  /** The data model path, or the alternative name that the profile gave it (R-BULK.9, .10). */
  readonly name: string
  readonly value: ParameterValue
  /** As declared by the report; undefined where its format declares none. */
  readonly type: ParameterType | undefined
}

/** One report of one device in the canonical form: what every sink gets. */
export interface Report {
  /** The same for every repeat of the same report (see normalize/report-id.ts). */
  readonly id: string
  readonly device: Device
  /** Milliseconds since 1970 UTC: when the device took the values, as far as it said so. */
  readonly collectionTimeMs: number
  /** `received`: the report's own time was absent, unknown or relative. */
  readonly collectionTimeSource: 'report' | 'received'
  /** Milliseconds since 1970 UTC: when this collector took the report in. */
  readonly receivedTimeMs: number
  readonly format: Format
  readonly parameters: readonly Parameter[]
  /** The upload's query parameters other than the identity. */
  readonly attributes: Readonly<Record<string, string>>
}
