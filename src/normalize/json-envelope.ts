import { parseJsonExactly } from '../decode/json.ts'
import { TransferError } from '../errors.ts'
import type { Deviations } from '../report/deviation.ts'

export type Item = Record<string, unknown>

/** The items of a JSON body, one per report, and what else stood at the root. */
export interface Envelope {
  readonly items: readonly Item[]
  readonly others: Item
}

const isObject = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Finds the reports in a JSON body: `{"Report":[{…},{…}]}` (USP Annex A, JSON Encoded Report),
 * or what agents make of it: Report as an object, another root name (RDK: searchResult, or as
 * configured by RootName), a bare array, a bare object.
 * @throws TransferError BDC_JSON_SHAPE
 */
export function openEnvelope(document: unknown, met: Deviations): Envelope {
  if (Array.isArray(document)) {
    met.add('json-no-envelope')
    return { items: asItems(document, 'the array', met), others: {} }
  }
  if (!isObject(document))
    throw new TransferError('BDC_JSON_SHAPE', 'the JSON is neither an object nor an array')
  const { Report: reports, ...others } = document
  if (reports === undefined) return openOtherRoot(document, met)
  if (Array.isArray(reports)) return { items: asItems(reports, 'Report', met), others }
  if (reports !== null) met.add('json-single-report')
  const items = reports === null ? [] : asItems([reports], 'Report', met)
  return { items, others }
}

/** A single array of objects at the root holds the reports; else the root is one itself. */
function openOtherRoot(document: Item, met: Deviations): Envelope {
  const lists = Object.entries(document).filter(
    ([, value]) => Array.isArray(value) && value.length > 0 && value.every(isObject),
  )
  const [only] = lists
  if (only !== undefined && lists.length === 1 && hasOnlyScalarsBeside(document, only[0])) {
    const [name, items] = only
    met.add('json-other-root')
    const others = Object.fromEntries(Object.entries(document).filter(([key]) => key !== name))
    return { items: asItems(items as unknown[], name, met), others }
  }
  const push = pushedData(document)
  if (push !== undefined) {
    met.add('json-push-event')
    return openEnvelope(push, met)
  }
  met.add('json-no-envelope')
  return { items: [document], others: {} }
}

/** `{"CollectionTime":1,"Neighbors":[{…}]}` is a bare report with a list in it, not a root. */
const hasOnlyScalarsBeside = (document: Item, name: string) =>
  !('CollectionTime' in document) &&
  Object.entries(document).every(([key, value]) => key === name || typeof value !== 'object')

/** `body.request.notify.event.params.Data` of a USP Notify: the whole report as one text. */
function pushedData(document: Item): unknown {
  let value: unknown = document
  for (const key of ['body', 'request', 'notify', 'event', 'params', 'Data']) {
    if (!isObject(value)) return undefined
    value = value[key]
  }
  if (typeof value !== 'string') return undefined
  try {
    JSON.parse(value)
  } catch (error) {
    throw new TransferError('BDC_JSON_SYNTAX', 'the Data of the event is not valid JSON', {
      cause: error,
    })
  }
  return parseJsonExactly(value)
}

function asItems(values: readonly unknown[], where: string, met: Deviations): readonly Item[] {
  const stray = values.findIndex((value) => !isObject(value))
  if (stray !== -1)
    throw new TransferError('BDC_JSON_SHAPE', `an item of ${where} is not an object`, {
      position: `${where}[${stray}]`,
    })
  const items = values as readonly Item[]
  if (!isItemPerParameter(items)) return items
  met.add('json-item-per-parameter')
  return [Object.fromEntries(items.flatMap((item) => Object.entries(item)))]
}

/** RDK makes an array item of each parameter: all with one key, none twice, and no time. */
function isItemPerParameter(items: readonly Item[]): boolean {
  if (items.length < 2) return false
  const names = new Set<string>()
  for (const item of items) {
    const keys = Object.keys(item)
    const [name = 'CollectionTime'] = keys
    if (keys.length !== 1 || name === 'CollectionTime' || names.has(name)) return false
    names.add(name)
  }
  return true
}
