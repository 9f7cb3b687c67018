import { isUtf8 } from 'node:buffer'
import { OverloadError, type TransferError } from '../errors.ts'
import { Appender } from '../ndjson/appender.ts'
import type { Upload } from '../report/transfer.ts'
import type { QuarantineConfig } from './config.ts'

const rotateBytes = 64 * 2 ** 20
const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie'])

/** Keeps uploads that could not be understood: one JSON line each, the body untouched. */
export class Quarantine {
  readonly #appender: Appender

  constructor({ quarantineDir, quarantineMaxBytes }: QuarantineConfig) {
    this.#appender = new Appender({
      directory: quarantineDir,
      rotateBytes,
      limitBytes: quarantineMaxBytes,
    })
  }

  /**
   * Resolves when the upload is on disk.
   * @throws OverloadError BDC_QUARANTINE_FAILED if it cannot be kept
   */
  async keep(upload: Upload, reason: TransferError): Promise<void> {
    try {
      await this.#appender.append(JSON.stringify(record(upload, reason)) + '\n')
    } catch (error) {
      const { message } = error as Error
      throw new OverloadError('BDC_QUARANTINE_FAILED', `not quarantined: ${message}`, {
        cause: error,
      })
    }
  }

  close(): Promise<void> {
    return this.#appender.close()
  }
}

function record(upload: Upload, reason: TransferError) {
  const { method, target, headers, body, receivedTimeMs, remoteAddress } = upload
  return {
    ReceivedTime: new Date(receivedTimeMs).toISOString(),
    Code: reason.code,
    Reason: reason.message,
    Position: reason.position,
    RemoteAddress: remoteAddress,
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
