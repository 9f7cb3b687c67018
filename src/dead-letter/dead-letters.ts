import { Appender } from '../ndjson/appender.ts'
import { encodeEvent } from '../report/event.ts'
import type { Report } from '../report/report.ts'
import type { DeadLetterConfig } from './config.ts'

/** Why a report is dead: a stable code and the sink's own words. */
export interface Reason {
  readonly code: string
  readonly message: string
}

const rotateBytes = 64 * 2 ** 20

/** Keeps what the sink can never take: one JSON line per report, its event beside the reason. */
export class DeadLetters {
  readonly #appender: Appender

  constructor({ deadLetterDir, deadLetterMaxBytes }: DeadLetterConfig) {
    this.#appender = new Appender({
      directory: deadLetterDir,
      rotateBytes,
      limitBytes: deadLetterMaxBytes,
    })
  }

  /** Resolves when the report is on disk. */
  keep(report: Report, reason: Reason): Promise<void> {
    const head = JSON.stringify({
      DeadTime: new Date().toISOString(),
      Code: reason.code,
      Reason: reason.message,
    })
    return this.#appender.append(`${head.slice(0, -1)},"Event":${eventText(report)}}\n`)
  }

  close(): Promise<void> {
    return this.#appender.close()
  }
}

/** A report that is dead because it has no event must not fail here for ever: who sent it is kept. */
function eventText(report: Report): string {
  try {
    return encodeEvent(report)
  } catch {
    const { oui, productClass, serialNumber, endpointId } = report.device
    return JSON.stringify({
      OUI: oui,
      ProductClass: productClass,
      SerialNumber: serialNumber,
      EndpointID: endpointId,
      Id: report.id,
    })
  }
}
