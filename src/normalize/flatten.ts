import { TransferError } from '../errors.ts'
import type { Deviations } from '../report/deviation.ts'
import type { Parameter, ParameterValue } from '../report/report.ts'
import type { Budget } from './budget.ts'
import type { RawTime } from './raw-report.ts'

export interface Flattened {
  readonly parameters: readonly Parameter[]
  readonly collectionTime: RawTime
  /** Some value was an object or array. */
  readonly nested: boolean
  /** Some number is beyond the integers that a double holds exactly. */
  readonly inexact: boolean
}

/**
 * One item of the Report array → its parameters. Names of nested objects are joined with dots,
 * items of arrays count from 0; the item's own CollectionTime is taken out.
 * @throws TransferError BDC_JSON_TOO_DEEP, and those of Budget
 */
export function flatten(
  item: Record<string, unknown>,
  nestingLimit: number,
  budget: Budget,
  met: Deviations,
): Flattened {
  const parameters: Parameter[] = []
  let collectionTime: RawTime
  const found = { nested: false, inexact: false }

  function visit(name: string, value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null) {
      if (typeof value === 'number' && isInexact(value)) found.inexact = true
      budget.parameter(name)
      parameters.push({ name, value: value as ParameterValue, type: undefined })
      return
    }
    found.nested = true
    if (depth >= nestingLimit)
      throw new TransferError('BDC_JSON_TOO_DEEP', `nested deeper than ${nestingLimit} levels`, {
        position: name.slice(0, 200),
      })
    if (Array.isArray(value)) met.add('json-array-value')
    for (const [key, child] of Object.entries(value)) visit(`${name}.${key}`, child, depth + 1)
  }

  for (const name of Object.keys(item)) {
    const value = item[name]
    if (name === 'CollectionTime' && isTime(value)) collectionTime = value
    else visit(name, value, 1)
  }
  const mixed = found.nested && Object.keys(item).some((name) => name.includes('.'))
  return {
    parameters: mixed ? lastOfEach(parameters) : parameters,
    collectionTime,
    ...found,
  }
}

/** `{"a.b":1,"a":{"b":2}}`: as of any name that comes twice, the last value counts. */
const lastOfEach = (parameters: readonly Parameter[]): Parameter[] =>
  Array.from(new Map(parameters.map((parameter) => [parameter.name, parameter])).values())

const isTime = (value: unknown): value is RawTime =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'

/** Whether JSON.parse may have rounded an integer to this. */
const isInexact = (value: number) =>
  value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER
