import { isUtf8 } from 'node:buffer'
import type { TransferError } from '../errors.ts'
import type { Upload } from '../report/transfer.ts'

/** One line of the quarantine: an upload and why it was not understood. */
export interface QuarantineRecord {
  readonly ReceivedTime: string
  readonly Code: string
  readonly Reason: string
  readonly Position?: string | undefined
  readonly RemoteAddress: string
  readonly User?: string | undefined
  readonly Method: string
  readonly Target: string
  readonly Headers: Readonly<Record<string, string | undefined>>
  /** The body, where it is valid UTF-8. */
  readonly Body?: string
  /** The body, where it is not. */
  readonly BodyBase64?: string
}

const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie'])

export function toRecord(upload: Upload, reason: TransferError): QuarantineRecord {
  const { method, target, headers, body, receivedTimeMs, remoteAddress, user } = upload
  return {
    ReceivedTime: new Date(receivedTimeMs).toISOString(),
    Code: reason.code,
    Reason: reason.message,
    Position: reason.position,
    RemoteAddress: remoteAddress,
    User: user,
    Method: method,
    Target: target,
    Headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        secretHeaders.has(name) ? '[redacted]' : value,
      ]),
    ),
    ...(isUtf8(body) ? { Body: body.toString('utf8') } : { BodyBase64: body.toString('base64') }),
  }
}

/**
 * The upload as it came in, to be understood again.
 * @throws SyntaxError for a line that is no record of the quarantine
 */
export function toUpload(line: string): Upload {
  const record = (JSON.parse(line) ?? {}) as Partial<QuarantineRecord>
  const { Body = '', BodyBase64, Target, ReceivedTime = '' } = record
  const receivedTimeMs = Date.parse(ReceivedTime)
  if (typeof Target !== 'string' || typeof Body !== 'string' || Number.isNaN(receivedTimeMs))
    throw new SyntaxError('not a record of the quarantine')
  return {
    method: record.Method ?? 'POST',
    target: Target,
    headers: record.Headers ?? {},
    body: BodyBase64 === undefined ? Buffer.from(Body) : Buffer.from(BodyBase64, 'base64'),
    receivedTimeMs,
    remoteAddress: record.RemoteAddress ?? '',
    user: record.User,
  }
}
