import type { Device } from '../report/device.ts'
import { parseTarget } from './target.ts'

/** Who sent an upload, and what else its target said. */
export interface Identity {
  readonly device: Device
  readonly attributes: Readonly<Record<string, string>>
}

const identityKeys: Readonly<Record<string, keyof Device>> = {
  oui: 'oui',
  pc: 'productClass',
  sn: 'serialNumber',
  eid: 'endpointId',
}

/**
 * The device from the query keys oui, pc, sn and eid (R-BULK.1), in any case; all other keys,
 * the RequestURIParameter rows of the profile, are attributes. Of a repeated key the first
 * value that is not empty counts: the operator's own URL comes before what the agent appends.
 */
export function identify(target: string): Identity {
  const device = { oui: '', productClass: '', serialNumber: '', endpointId: '' }
  const attributes = new Map<string, string>()
  for (const [key, value] of parseTarget(target).query) {
    const field = identityKeys[key.toLowerCase()]
    if (field === undefined) attributes.set(key, value)
    else if (device[field] === '') device[field] = value
  }
  return { device, attributes: Object.fromEntries(attributes) }
}
