import { parseJsonExactly } from '../decode/json.ts'
import { TransferError } from '../errors.ts'
import type { Format } from '../report/report.ts'
import { flatten } from './flatten.ts'
import type { RawReport } from './raw-report.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * ObjectHierarchy and NameValuePair reports: `{"Report":[{…},{…}]}`, one item per report
 * (USP Annex A, JSON encoded report). Flattening an ObjectHierarchy item gives the names of
 * NameValuePair, so one walk serves both, and nesting tells them apart.
 * @throws TransferError BDC_JSON_SHAPE, BDC_JSON_TOO_DEEP
 */
export function readJsonReports(
  document: unknown,
  text: string,
  claimed: Format | undefined,
  nestingLimit: number,
): readonly RawReport[] {
  const read = (tree: unknown) => reportItems(tree).map((item) => flatten(item, nestingLimit))
  let items = read(document)
  if (items.some(({ inexact }) => inexact)) items = read(parseJsonExactly(text))
  return items.map(({ nested, collectionTime, parameters }) => ({
    format: nested || claimed === 'ObjectHierarchy' ? 'ObjectHierarchy' : 'NameValuePair',
    collectionTime,
    parameters,
  }))
}

function reportItems(document: unknown): readonly Record<string, unknown>[] {
  const items = isObject(document) ? document['Report'] : undefined
  if (!Array.isArray(items))
    throw new TransferError('BDC_JSON_SHAPE', 'the JSON has no "Report" array')
  const stray = items.findIndex((item) => !isObject(item))
  if (stray !== -1)
    throw new TransferError('BDC_JSON_SHAPE', 'an item of the "Report" array is not an object', {
      position: `Report[${stray}]`,
    })
  return items as Record<string, unknown>[]
}
