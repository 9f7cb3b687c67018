import type { DecodeConfig } from '../decode/config.ts'
import { type Decoded, decode } from '../decode/decode.ts'
import { deviceKey } from '../report/device.ts'
import type { Report } from '../report/report.ts'
import type { Transfer, Upload } from '../report/transfer.ts'
import { readCollectionTime } from './collection-time.ts'
import { readCsvReports } from './csv-reports.ts'
import { type Identity, identify } from './identity.ts'
import { readJsonReports } from './json-reports.ts'
import type { RawReport } from './raw-report.ts'
import { reportId } from './report-id.ts'

/** What a report and each of its parameters hold in memory beside the text of the body. */
const reportBytes = 600
const parameterBytes = 100

/**
 * The whole road from an upload to what the controller admits: decode, then normalize.
 * @throws TransferError for what cannot be understood
 */
export async function understand(upload: Upload, config: DecodeConfig): Promise<Transfer> {
  const decoded = await decode(upload, config)
  const { device, attributes } = identify(upload.target)
  const reports = rawReports(decoded, config).map((raw) =>
    normalize(raw, { device, attributes }, upload.receivedTimeMs),
  )
  reports.sort((a, b) => a.collectionTimeMs - b.collectionTimeMs)
  return { device, reports, sizeBytes: decoded.inflatedBytes + held(reports) }
}

function rawReports({ raw, hint }: Decoded, config: DecodeConfig): readonly RawReport[] {
  switch (raw.encoding) {
    case 'json':
      return readJsonReports(raw.document, raw.text, hint.format, config.nestingLimit)
    case 'csv':
      return readCsvReports(raw.rows, hint)
    case 'none':
      return []
  }
}

function normalize(raw: RawReport, identity: Identity, receivedTimeMs: number): Report {
  const time = readCollectionTime(raw.collectionTime, receivedTimeMs)
  return {
    id: reportId(deviceKey(identity.device), raw, receivedTimeMs),
    device: identity.device,
    collectionTimeMs: time.ms,
    collectionTimeSource: time.source,
    receivedTimeMs,
    format: raw.format,
    parameters: raw.parameters,
    attributes: identity.attributes,
  }
}

const held = (reports: readonly Report[]) =>
  reports.reduce((sum, { parameters }) => sum + reportBytes + parameters.length * parameterBytes, 0)
