import type { DecodeConfig } from '../decode/config.ts'
import type { Table } from '../decode/csv.ts'
import { type Decoded, decode } from '../decode/decode.ts'
import type { FormatHint } from '../decode/format-hint.ts'
import type { Deviations } from '../report/deviation.ts'
import type { Report } from '../report/report.ts'
import type { Transfer, Upload } from '../report/transfer.ts'
import { Budget, attributeBytes } from './budget.ts'
import { readCollectionTime } from './collection-time.ts'
import type { NormalizeConfig } from './config.ts'
import { readCsvReports } from './csv-reports.ts'
import { type Identity, identify } from './identity.ts'
import { type IdentityPath, identityPath } from './identity-path.ts'
import { readJsonReports } from './json-reports.ts'
import { type Profile, type Profiles, loadProfiles, noProfiles } from './profiles.ts'
import type { RawReport, RawReports } from './raw-report.ts'
import { reportId } from './report-id.ts'
import { parseTarget } from './target.ts'

/** What is known before any upload comes in. */
export interface Knowledge {
  readonly limits: DecodeConfig
  readonly identityPaths: readonly IdentityPath[]
  readonly profiles: Profiles
}

/** An upload understood, and what led to it. */
export interface Understood {
  readonly transfer: Transfer
  readonly identity: Identity
  readonly profile: Profile | undefined
  readonly decoded: Decoded
  /** The reports as sent, in the order of the body. */
  readonly raw: readonly RawReport[]
}

/** @throws ConfigError for a profiles file that cannot be used */
export const knowledgeOf = (
  limits: DecodeConfig,
  { identityPaths, profilesFile }: NormalizeConfig,
): Knowledge => ({
  limits,
  identityPaths: identityPaths.map(identityPath),
  profiles: profilesFile === undefined ? noProfiles : loadProfiles(profilesFile),
})

/**
 * The whole road from an upload to what the controller admits: decode, then normalize.
 * @param met gets the deviations from the standard, also those before an error
 * @throws TransferError for what cannot be understood
 */
export async function understand(
  upload: Upload,
  knowledge: Knowledge,
  met: Deviations,
): Promise<Understood> {
  const target = parseTarget(upload.target, met)
  const profile = knowledge.profiles(target)
  const decoded = await decode(upload, profile?.csv ?? {}, knowledge.limits, met)
  const raw = readReports(decoded, knowledge.limits, met)
  const identity = identify(upload, target, knowledge.identityPaths, raw.reports, met)
  const attributes = {
    ...raw.attributes,
    ...identity.attributes,
    ...(profile === undefined ? {} : { bdc_profile: profile.name }),
  }
  const repeatedBytes = attributeBytes(attributes, raw.reports.length, knowledge.limits)
  const shared = { identity, profile, attributes, receivedTimeMs: upload.receivedTimeMs }
  const reports = raw.reports.map((report) => normalize(report, shared, met))
  const transfer = {
    device: identity.device,
    reports: oldestFirst(reports, met),
    sizeBytes: decoded.inflatedBytes + raw.heldBytes + repeatedBytes,
  }
  return { transfer, identity, profile, decoded, raw: raw.reports }
}

/** Raw reports → their parameters, by the reader of their format. */
export function readReports(
  { raw, hint }: Decoded,
  limits: DecodeConfig,
  met: Deviations,
): RawReports {
  switch (raw.encoding) {
    case 'json':
      return readJsonReports(raw.document, raw.text, hint.format, limits, met)
    case 'csv':
      return readCsv(raw.table, hint, limits, met)
    case 'none':
      return { reports: [], attributes: {}, heldBytes: 0 }
  }
}

function readCsv(
  table: Table,
  hint: FormatHint,
  limits: DecodeConfig,
  met: Deviations,
): RawReports {
  const budget = new Budget(limits)
  const reports = readCsvReports(table, hint, budget, met)
  return { reports, attributes: {}, heldBytes: budget.bytes }
}

/** What all reports of an upload share. */
interface Circumstances {
  readonly identity: Identity
  readonly profile: Profile | undefined
  readonly attributes: Report['attributes']
  readonly receivedTimeMs: number
}

function normalize(
  raw: RawReport,
  { identity, profile, attributes, receivedTimeMs }: Circumstances,
  met: Deviations,
): Report {
  const time = readCollectionTime(raw.collectionTime, receivedTimeMs, met)
  return {
    id: reportId(identity, profile, raw, time.source === 'report' ? undefined : receivedTimeMs),
    device: identity.device,
    collectionTimeMs: time.ms,
    collectionTimeSource: time.source,
    receivedTimeMs,
    format: raw.format,
    parameters: raw.parameters,
    attributes: withKept(attributes, raw, time.source),
  }
}

/** What the event could not say otherwise: a time that is none of its own, cells of no column. */
function withKept(
  attributes: Report['attributes'],
  { collectionTime, surplus }: RawReport,
  source: Report['collectionTimeSource'],
): Report['attributes'] {
  const rawTime = source === 'received' && collectionTime !== undefined
  if (!rawTime && surplus === undefined) return attributes
  return {
    ...attributes,
    ...(rawTime ? { bdc_raw_collection_time: String(collectionTime) } : {}),
    ...(surplus === undefined ? {} : { bdc_raw_row: surplus }),
  }
}

/** Retained reports come first (USP Annex A, Retained Reports), but ubbf sends them last. */
function oldestFirst(reports: readonly Report[], met: Deviations): readonly Report[] {
  const inOrder = reports.every(
    (report, index) =>
      index === 0 || report.collectionTimeMs >= (reports[index - 1]?.collectionTimeMs ?? 0),
  )
  if (inOrder) return reports
  met.add('newest-first')
  return reports.toSorted((a, b) => a.collectionTimeMs - b.collectionTimeMs)
}
