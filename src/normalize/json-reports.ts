import type { DecodeConfig } from '../decode/config.ts'
import { parseJsonExactly } from '../decode/json.ts'
import type { Deviations } from '../report/deviation.ts'
import type { Format } from '../report/report.ts'
import { Budget } from './budget.ts'
import { type Flattened, flatten } from './flatten.ts'
import { openEnvelope } from './json-envelope.ts'
import type { RawReports } from './raw-report.ts'

/**
 * ObjectHierarchy and NameValuePair (USP Annex A, JSON Encoded Report). Flattening an
 * ObjectHierarchy item gives the names of NameValuePair, so one walk serves both, also where an
 * agent mixes them; nesting tells them apart. An alternative name makes an ObjectHierarchy flat:
 * there the header decides.
 * @throws TransferError BDC_JSON_SHAPE, BDC_JSON_TOO_DEEP, and those of Budget
 */
export function readJsonReports(
  document: unknown,
  text: string,
  claimed: Format | undefined,
  limits: DecodeConfig,
  met: Deviations,
): RawReports {
  const read = (tree: unknown) => {
    const { items, others } = openEnvelope(tree, met)
    const budget = new Budget(limits)
    budget.reports(items.length)
    const flat = items.map((item) => flatten(item, limits.nestingLimit, budget, met))
    const beside = flatten(others, limits.nestingLimit, budget, met)
    return { items: flat, beside, heldBytes: budget.bytes }
  }
  let envelope = read(document)
  if (isAnyInexact(envelope)) envelope = read(parseJsonExactly(text))
  const reports = envelope.items.map(({ nested, collectionTime, parameters }) => ({
    format: formatOf(nested, claimed),
    collectionTime,
    parameters,
    nested,
  }))
  const [first] = reports
  if (claimed !== undefined && first !== undefined && first.format !== claimed)
    met.add('format-header-wrong')
  return { reports, attributes: attributesOf(envelope.beside), heldBytes: envelope.heldBytes }
}

const isAnyInexact = ({ items, beside }: { items: readonly Flattened[]; beside: Flattened }) =>
  beside.inexact || items.some(({ inexact }) => inexact)

/** What stands beside the reports is said of all of them. */
const attributesOf = ({ parameters, collectionTime }: Flattened): Record<string, string> =>
  Object.fromEntries([
    ...(collectionTime === undefined ? [] : [['CollectionTime', String(collectionTime)]]),
    ...parameters.map(({ name, value }) => [name, String(value)]),
  ]) as Record<string, string>

const formatOf = (nested: boolean, claimed: Format | undefined): Format =>
  nested || claimed === 'ObjectHierarchy' ? 'ObjectHierarchy' : 'NameValuePair'
