import type { Report } from '../../src/report/report.ts'

/** A canonical event as a careful reader sees it, parameters sorted by name. */
export interface EventObject {
  readonly Parameters: readonly (readonly [name: string, value: unknown])[]
  readonly [field: string]: unknown
}

/** The reviver's third argument: the text of a primitive value (ECMAScript 2026). */
type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown
const parseWithSource = JSON.parse as (text: string, reviver: SourceReviver) => unknown

/** Reads an event's JSON without loss: integers beyond a double come out as bigint. */
export function parseEvent(text: string): EventObject {
  const event = parseWithSource(text, (_key, value, { source }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
      ? BigInt(source ?? '')
      : value,
  ) as Record<string, unknown> & { Parameters: object }
  return { ...event, Parameters: sorted(Object.entries(event.Parameters)) }
}

/** What parseEvent must find for a report: written from the design, not with src's encoder. */
export const eventOf = (report: Report): EventObject => ({
  CollectionTime: new Date(report.collectionTimeMs).toISOString(),
  OUI: report.device.oui,
  ProductClass: report.device.productClass,
  SerialNumber: report.device.serialNumber,
  Parameters: sorted(report.parameters.map(({ name, value }) => [name, value] as const)),
  EndpointID: report.device.endpointId,
  Id: report.id,
  ReceivedTime: new Date(report.receivedTimeMs).toISOString(),
  CollectionTimeSource: report.collectionTimeSource,
  Format: report.format,
  Attributes: { ...report.attributes },
})

const sorted = <T extends readonly [string, unknown]>(entries: readonly T[]): T[] =>
  entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
