/**
 * Every way a report, a setting or a destination can fail, each with a stable BDC_* code.
 * Codes are label values, log fields and documentation anchors: they are added, never renamed.
 */

/** What is wrong with an upload, by code. The kind decides the answer (see http/reply.ts). */
export const transferFaults = {
  BDC_BODY_TOO_LARGE: 'too-large',
  BDC_INFLATED_TOO_LARGE: 'too-large',
  BDC_TOO_MANY_REPORTS: 'too-large',
  BDC_TOO_MANY_PARAMETERS: 'too-large',
  BDC_BODY_INCOMPLETE: 'incomplete',
  BDC_CODING_UNSUPPORTED: 'unsupported-coding',
  BDC_CODING_CORRUPT: 'malformed',
  BDC_FORMAT_UNKNOWN: 'malformed',
  BDC_JSON_SYNTAX: 'malformed',
  BDC_JSON_SHAPE: 'malformed',
  BDC_JSON_TOO_DEEP: 'malformed',
  BDC_CSV_SYNTAX: 'malformed',
  BDC_CSV_HEADER: 'malformed',
} as const

export type TransferFaultCode = keyof typeof transferFaults
export type TransferFaultKind = (typeof transferFaults)[TransferFaultCode]

/** Why a transfer cannot be taken in at the moment. */
export type OverloadCode = 'BDC_QUEUE_FULL' | 'BDC_ACK_DEADLINE' | 'BDC_QUARANTINE_FAILED'

/** Why a destination did not take a batch or one of its reports; sinks may add codes. */
export type SinkFaultCode = `BDC_SINK_${string}`

/**
 * What a sink says of a report or batch that was not acknowledged:
 * `retry` it may work later · `split` the batch is too large, smaller ones may work ·
 * `drop` it can never be delivered · `fatal` nothing will be until the configuration is mended.
 */
export type Verdict = 'retry' | 'split' | 'drop' | 'fatal'

export interface ConfigFault {
  /** The variable's name, as the operator writes it. */
  readonly name: string
  readonly problem: string
}

/** For the operator: all that is wrong with the configuration, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map(({ name, problem }) => `${name}: ${problem}`).join('\n'))
    this.faults = faults
  }
}

/** For the agent: what is wrong with its upload and where. */
export class TransferError extends Error {
  override readonly name = 'TransferError'
  readonly code: TransferFaultCode
  readonly kind: TransferFaultKind
  /** Where in the body, in words: `line 3, column 17` or `row 2`. */
  readonly position: string | undefined

  constructor(
    code: TransferFaultCode,
    message: string,
    options: ErrorOptions & { position?: string | undefined } = {},
  ) {
    super(message, options)
    this.code = code
    this.kind = transferFaults[code]
    this.position = options.position
  }
}

/** For the agent and its balancer: nothing is wrong with the upload, come again later. */
export class OverloadError extends Error {
  override readonly name = 'OverloadError'
  readonly code: OverloadCode

  constructor(code: OverloadCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** From a sink to its producer. */
export class SinkError extends Error {
  override readonly name = 'SinkError'
  readonly code: SinkFaultCode
  readonly verdict: Verdict

  constructor(verdict: Verdict, code: SinkFaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.verdict = verdict
    this.code = code
  }
}
