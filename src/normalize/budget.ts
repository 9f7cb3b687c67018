import type { DecodeConfig } from '../decode/config.ts'
import { TransferError } from '../errors.ts'

/** What a report and each of its parameters hold in memory beside their texts, in bytes. */
const reportBytes = 600
const parameterBytes = 100

type Limits = Pick<DecodeConfig, 'reportsLimit' | 'parametersLimit' | 'inflatedLimitBytes'>

/**
 * What one transfer may grow to while it is taken apart: a small body can stand for many reports,
 * and for names that are far longer when they are joined. Whoever makes a report or a parameter
 * counts it here first.
 */
export class Budget {
  readonly #limits: Limits
  #reports = 0
  #parameters = 0
  #nameCharacters = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** @throws TransferError BDC_TOO_MANY_REPORTS */
  reports(count: number): void {
    this.#reports += count
    if (this.#reports > this.#limits.reportsLimit)
      throw new TransferError(
        'BDC_TOO_MANY_REPORTS',
        `more than ${this.#limits.reportsLimit} reports in one request`,
      )
  }

  /** @throws TransferError BDC_TOO_MANY_PARAMETERS, BDC_INFLATED_TOO_LARGE */
  parameter(name: string): void {
    this.parameters(1, name.length)
  }

  /** Several at once, whose names have so many characters together. */
  parameters(count: number, nameCharacters: number): void {
    this.#parameters += count
    this.#nameCharacters += nameCharacters
    if (this.#parameters > this.#limits.parametersLimit)
      throw new TransferError(
        'BDC_TOO_MANY_PARAMETERS',
        `more than ${this.#limits.parametersLimit} parameters in one request`,
      )
    if (this.#nameCharacters > this.#limits.inflatedLimitBytes)
      throw new TransferError(
        'BDC_INFLATED_TOO_LARGE',
        `the names are longer than ${this.#limits.inflatedLimitBytes} bytes when they are joined`,
      )
  }

  /** What holding all of it costs beside the text of the body: an estimate. */
  get bytes(): number {
    return this.#reports * reportBytes + this.#parameters * parameterBytes + this.#nameCharacters
  }
}

/**
 * What stands beside the reports is said in the event of each of them: half a body of attributes
 * and half a body of reports would be gigabytes.
 * @returns what they take in all reports together, in bytes: an estimate
 * @throws TransferError BDC_INFLATED_TOO_LARGE
 */
export function attributeBytes(
  attributes: Readonly<Record<string, string>>,
  reports: number,
  { inflatedLimitBytes }: Pick<DecodeConfig, 'inflatedLimitBytes'>,
): number {
  let bytes = 0
  for (const [name, value] of Object.entries(attributes))
    bytes += name.length + value.length + parameterBytes
  if (reports > 1 && bytes * reports > inflatedLimitBytes)
    throw new TransferError(
      'BDC_INFLATED_TOO_LARGE',
      `the attributes of ${reports} reports are larger than ${inflatedLimitBytes} bytes`,
    )
  return bytes * reports
}
