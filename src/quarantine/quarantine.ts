import { OverloadError, type TransferError } from '../errors.ts'
import { Appender } from '../ndjson/appender.ts'
import type { Upload } from '../report/transfer.ts'
import type { QuarantineConfig } from './config.ts'
import { toRecord } from './record.ts'

const rotateBytes = 64 * 2 ** 20

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
      await this.#appender.append(JSON.stringify(toRecord(upload, reason)) + '\n')
    } catch (error) {
      throw new OverloadError('BDC_QUARANTINE_FAILED', 'it cannot be kept just now', {
        cause: error,
      })
    }
  }

  close(): Promise<void> {
    return this.#appender.close()
  }
}
