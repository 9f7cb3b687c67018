import type { Deviations } from '../report/deviation.ts'
import type { Device } from '../report/device.ts'
import type { Upload } from '../report/transfer.ts'
import type { IdentityPath } from './identity-path.ts'
import type { RawReport } from './raw-report.ts'
import type { Target } from './target.ts'

type Field = 'oui' | 'productClass' | 'serialNumber' | 'endpointId'
type Fields = Record<Field, string>

/** Where a field of the identity can come from, the most trusted first. */
export type IdentitySource =
  'query' | 'path' | 'user' | 'header' | 'report' | 'endpoint-id' | 'address'

/** Who sent an upload, how that is known, and what else its target said. */
export interface Identity {
  readonly device: Device
  readonly sources: Readonly<Partial<Record<Field | 'key', IdentitySource>>>
  readonly attributes: Readonly<Record<string, string>>
}

const fieldOf = new Map<string, Field>([
  ['oui', 'oui'],
  ['pc', 'productClass'],
  ['sn', 'serialNumber'],
  ['eid', 'endpointId'],
])

/** Fields as they are found: the first source that names one is believed. */
class Findings {
  readonly fields: Fields = { oui: '', productClass: '', serialNumber: '', endpointId: '' }
  readonly sources: Partial<Record<Field | 'key', IdentitySource>> = {}
  readonly #met: Deviations

  constructor(met: Deviations) {
    this.#met = met
  }

  offer(field: Field, value: string, source: IdentitySource): void {
    const known = this.fields[field]
    if (value === '') return
    if (known === '') {
      this.fields[field] = value
      this.sources[field] = source
      if (source !== 'query') this.#met.add('identity-not-in-query')
    } else if (known.toLowerCase() !== value.toLowerCase()) this.#met.add('identity-conflict')
  }

  /** As the standard asks: oui, pc and sn, or eid (R-BULK.1). */
  get complete(): boolean {
    const { oui, productClass, serialNumber, endpointId } = this.fields
    return endpointId !== '' || (oui !== '' && productClass !== '' && serialNumber !== '')
  }
}

/**
 * The device that an upload comes from. In order of trust: the query keys oui, pc, sn and eid in
 * any case (R-BULK.1); the path, by the operator's templates; the authenticated user, where it
 * is named `OUI-ProductClass-SerialNumber` as CWMP has it; headers of those names (TP-Link);
 * DeviceInfo parameters inside the report; what the EndpointID shows (R-ARC.5), as a hint that
 * does not count for the key. A device that nothing tells is known by its address.
 */
export function identify(
  upload: Upload,
  { path, query }: Target,
  paths: readonly IdentityPath[],
  reports: readonly RawReport[],
  met: Deviations,
): Identity {
  const found = new Findings(met)
  const attributes = new Map<string, string>()
  for (const [key, value] of query) {
    const field = fieldOf.get(key.toLowerCase())
    if (field === undefined) attributes.set(key, value)
    else found.offer(field, value, 'query')
  }
  for (const [name, value] of Object.entries(firstMatch(paths, path))) {
    const field = fieldOf.get(name)
    if (field === undefined) attributes.set(name, value)
    else found.offer(field, value, 'path')
  }
  const { oui, pc, sn } = upload.headers
  if (upload.user !== undefined) offerUser(upload.user, found)
  if (oui !== undefined) found.offer('oui', oui, 'header')
  if (pc !== undefined) found.offer('productClass', pc, 'header')
  if (sn !== undefined) found.offer('serialNumber', sn, 'header')
  if (!found.complete) offerDeviceInfo(reports, found)
  const key = keyOf(found.fields)
  if (found.fields.endpointId !== '') offerEndpointId(found)

  if (key === '') {
    met.add('identity-missing')
    found.sources.key = 'address'
    attributes.set('bdc_source_address', upload.remoteAddress)
    attributes.set('bdc_path', path)
  } else if (!found.complete) met.add('identity-partial')
  return {
    device: { ...found.fields, key: key === '' ? upload.remoteAddress : key },
    sources: found.sources,
    attributes: Object.fromEntries(attributes),
  }
}

function firstMatch(paths: readonly IdentityPath[], path: string) {
  for (const match of paths) {
    const found = match(path)
    if (found !== undefined) return found
  }
  return {}
}

function keyOf({ oui, productClass, serialNumber, endpointId }: Fields): string {
  return oui === '' && productClass === '' && serialNumber === ''
    ? endpointId
    : `${oui}-${productClass}-${serialNumber}`
}

/** Six hex digits, and then what may itself have dashes. */
const triple = /^([0-9A-Fa-f]{6})-(.+)-([^-]+)$/
const pair = /^([0-9A-Fa-f]{6})-(.+)$/

function offerUser(user: string, found: Findings): void {
  const [, oui, productClass, serialNumber] = triple.exec(user) ?? []
  if (oui === undefined) return
  found.offer('oui', oui, 'user')
  found.offer('productClass', productClass ?? '', 'user')
  found.offer('serialNumber', serialNumber ?? '', 'user')
}

const deviceInfo =
  /^(?:Device|InternetGatewayDevice)\.DeviceInfo\.(ManufacturerOUI|ProductClass|SerialNumber)$/
const deviceInfoFields: Readonly<Record<string, Field>> = {
  ManufacturerOUI: 'oui',
  ProductClass: 'productClass',
  SerialNumber: 'serialNumber',
}

function offerDeviceInfo(reports: readonly RawReport[], found: Findings): void {
  for (const { parameters } of reports)
    for (const { name, value } of parameters) {
      const field = deviceInfoFields[deviceInfo.exec(name)?.[1] ?? '']
      if (field !== undefined) found.offer(field, String(value ?? ''), 'report')
    }
}

/** `os::OUI-SerialNumber` and `ops::OUI-ProductClass-SerialNumber` (TR-369 R-ARC.5). */
function offerEndpointId(found: Findings): void {
  const [, scheme, rest = ''] = /^(os|ops)::(.*)$/i.exec(found.fields.endpointId) ?? []
  const [, oui = '', ...parts] = (scheme?.toLowerCase() === 'ops' ? triple : pair).exec(rest) ?? []
  const { fields, sources } = found
  const hint = (field: Field, value = '') => {
    if (fields[field] !== '' || value === '') return
    fields[field] = value
    sources[field] = 'endpoint-id'
  }
  hint('oui', oui)
  hint('serialNumber', parts.at(-1))
  if (parts.length === 2) hint('productClass', parts[0])
}
