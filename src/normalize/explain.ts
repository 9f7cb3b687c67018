import { TransferError } from '../errors.ts'
import { type Deviation, Deviations, deviations } from '../report/deviation.ts'
import { encodeEvent } from '../report/event.ts'
import type { Format } from '../report/report.ts'
import type { Upload } from '../report/transfer.ts'
import { type TimeRule, readCollectionTime } from './collection-time.ts'
import { type Identity, identify } from './identity.ts'
import { type Knowledge, type Understood, understand } from './normalize.ts'
import { parseTarget } from './target.ts'

/** How an upload is understood, for a person who debugs a device. */
export interface Explanation {
  /** Undefined: understood. */
  readonly fault: TransferError | undefined
  readonly deviations: readonly {
    readonly code: Deviation
    readonly clause: string
    readonly meaning: string
  }[]
  readonly device: Identity['device']
  readonly deviceFrom: Identity['sources']
  readonly profile: string | undefined
  /** What follows is there only if it is understood. */
  readonly format?: Format | undefined
  readonly why?: string
  /** How the time of each report was read, in the order of the body. */
  readonly times?: readonly { readonly sent: string | undefined; readonly rule: TimeRule }[]
  /** The canonical events as JSON, in the order of delivery. */
  readonly events?: readonly string[]
}

/** Understands an upload as the collector would, and says how. */
export async function explainUpload(upload: Upload, knowledge: Knowledge): Promise<Explanation> {
  const met = new Deviations()
  let understood: Understood | undefined
  let fault: TransferError | undefined
  try {
    understood = await understand(upload, knowledge, met)
  } catch (error) {
    if (!(error instanceof TransferError)) throw error
    fault = error
  }
  const listed = Array.from(met, (code) => {
    const [clause, meaning] = deviations[code]
    return { code, clause, meaning }
  })
  const details =
    understood === undefined ? whoAtLeast(upload, knowledge) : describe(understood, upload)
  return { fault, deviations: listed, ...details }
}

/** Of a body that is not understood: what its request says. */
function whoAtLeast(upload: Upload, { identityPaths, profiles }: Knowledge) {
  const met = new Deviations()
  const target = parseTarget(upload.target, met)
  const { device, sources } = identify(upload, target, identityPaths, [], met)
  return { device, deviceFrom: sources, profile: profiles(target)?.name }
}

function describe(understood: Understood, { receivedTimeMs }: Upload) {
  const { identity, profile, raw, transfer } = understood
  return {
    format: raw[0]?.format,
    why: reasonFor(understood),
    device: identity.device,
    deviceFrom: identity.sources,
    profile: profile?.name,
    times: raw.map(({ collectionTime }) => ({
      sent: collectionTime === undefined ? undefined : String(collectionTime),
      rule: readCollectionTime(collectionTime, receivedTimeMs, new Deviations()).rule,
    })),
    events: transfer.reports.map(encodeEvent),
  }
}

function reasonFor({ decoded, raw }: Understood): string {
  const { encoding } = decoded.raw
  if (encoding === 'none') return 'the body is empty'
  const claim = decoded.hint.format
  switch (raw[0]?.format) {
    case undefined:
      return `${encoding.toUpperCase()} without any report in it`
    case 'NameValuePair':
      return 'JSON without nested objects'
    case 'ObjectHierarchy':
      return raw.every(({ nested }) => nested !== true)
        ? `JSON without nested objects, but BBF-Report-Format says ${claim ?? ''}`
        : 'JSON with nested objects'
    case 'ParameterPerRow':
      return 'CSV with ParameterName and ParameterValue columns, or rows that end in a type'
    case 'ParameterPerColumn':
      return 'CSV with a column per parameter'
  }
}
