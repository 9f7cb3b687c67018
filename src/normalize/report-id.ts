import { hash } from 'node:crypto'
import type { Identity } from './identity.ts'
import type { Profile } from './profiles.ts'
import type { RawReport } from './raw-report.ts'

/** Reports without a time of their own are told apart by the window they arrive in. */
const windowMs = 60_000

/**
 * 128 bits of SHA-256 in hex over the device, the profile where one is known, the collection
 * time as it was sent and every name and value: the same report sent again, alone or in a bundle
 * of retained ones, gets the same Id. Of a device that does not say who it is its address, path
 * and query count. Every part stands behind its length, so that no two lists of
 * parts read the same.
 * @param receivedTimeMs of a report without a time of its own; undefined: it has one
 */
export function reportId(
  { device, attributes }: Identity,
  profile: Profile | undefined,
  report: RawReport,
  receivedTimeMs: number | undefined,
): string {
  const { oui, productClass, serialNumber, endpointId } = device
  const isKnown = oui + productClass + serialNumber + endpointId !== ''
  const window = receivedTimeMs === undefined ? '' : Math.floor(receivedTimeMs / windowMs)
  let content =
    part(oui) +
    part(productClass) +
    part(serialNumber) +
    part(endpointId) +
    part(isKnown ? (profile?.name ?? '') : JSON.stringify(attributes)) +
    part(String(report.collectionTime)) +
    part(String(window))
  for (const { name, value } of report.parameters)
    content += part(name) + (typeof value === 'string' ? part(value) : `=${String(value)};`)
  return hash('sha256', content, 'hex').slice(0, 32)
}

const part = (text: string) => `${text.length}:${text}`
