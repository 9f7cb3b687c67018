import { SinkError } from '../../errors.ts'
import { Appender } from '../../ndjson/appender.ts'
import { encodeEvent } from '../../report/event.ts'
import type { Report } from '../../report/report.ts'
import type { Batch, Encoded, Rejection, Sink } from '../sink.ts'
import type { FileConfig } from './config.ts'

/**
 * Events as NDJSON files: acknowledged when they are on disk. The batches of all partitions
 * that are pending at the same time share one fsync.
 */
export class FileSink implements Sink<string> {
  readonly limits = { maxBatchReports: 1_000, maxBatchBytes: 4 * 2 ** 20, maxInFlight: Infinity }
  readonly #appender: Appender

  constructor({ fileDir, fileRotateBytes }: FileConfig) {
    this.#appender = new Appender({ directory: fileDir, rotateBytes: fileRotateBytes })
  }

  async connect(): Promise<undefined> {
    try {
      await this.#appender.open()
    } catch (error) {
      throw fileError(error)
    }
  }

  encode(report: Report): Encoded<string> {
    const payload = encodeEvent(report) + '\n'
    return { payload, sizeBytes: Buffer.byteLength(payload) }
  }

  async write(batch: Batch<string>, signal: AbortSignal): Promise<readonly Rejection[]> {
    try {
      await this.#appender.append(batch.items.map(({ payload }) => payload).join(''), signal)
    } catch (error) {
      throw fileError(error)
    }
    return []
  }

  close(): Promise<void> {
    return this.#appender.close()
  }
}

/** No failure of a disk is final: space is freed, permissions are mended, volumes come back. */
function fileError(error: unknown): SinkError {
  const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException
  return new SinkError('retry', `BDC_SINK_FILE_${code}`, message, { cause: error })
}

export const createFileSink = (config: FileConfig) => new FileSink(config)
