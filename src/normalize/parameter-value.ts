import { digitsLimit } from '../decode/json.ts'
import { type ParameterType, type ParameterValue, parameterTypes } from '../report/report.ts'

const types = new Map<string, ParameterType>(parameterTypes.map((type) => [type, type]))

/** The declared ParameterType of a CSV row (R-BULK.13); undefined for what TR-106 does not know. */
export const readParameterType = (text: string): ParameterType | undefined => types.get(text)

const integer = /^[+-]?\d+$/
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

/**
 * A CSV cell as the type that its row declares. A text that does not fit its type stays the
 * text that was sent: values are never repaired and no report is refused for one of them.
 */
export function typedValue(text: string, type: ParameterType | undefined): ParameterValue {
  switch (type) {
    case 'int':
    case 'long':
    case 'unsignedInt':
    case 'unsignedLong':
      return shortInteger(text) ?? (integer.test(text) ? exactInteger(text) : text)
    case 'decimal':
      if (integer.test(text)) return exactInteger(text)
      return decimal.test(text) && Number.isFinite(Number(text)) ? Number(text) : text
    case 'boolean':
      if (text === 'true' || text === '1') return true
      return text === 'false' || text === '0' ? false : text
    default:
      return text
  }
}

const canonicalInteger = /^(?:0|-?[1-9]\d*)$/

/**
 * A CSV cell without a declared type (ParameterPerColumn): a number or boolean only where
 * printing that value gives back the same text, so nothing is lost: `42` becomes 42 while
 * `0042`, `+1`, `1.50` and `1e3` stay texts.
 */
export function untypedValue(text: string): ParameterValue {
  const first = text.charCodeAt(0)
  if (first > nine) return text === 'true' ? true : text === 'false' ? false : text
  if (first > zero || text === '0') {
    const number = shortInteger(text)
    if (number !== undefined) return number
  }
  if (canonicalInteger.test(text)) return exactInteger(text)
  if (/^-?\d+\.\d+$/.test(text) && String(Number(text)) === text) return Number(text)
  return text
}

const zero = 0x30
const nine = 0x39

/** The number that up to 15 digits make, and nothing but digits; undefined: look closer. */
function shortInteger(text: string): number | undefined {
  const { length } = text
  if (length === 0 || length > 15) return undefined
  let number = 0
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < zero || code > nine) return undefined
    number = number * 10 + code - zero
  }
  return number
}

function exactInteger(text: string): number | bigint | string {
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number + 0
  return text.length > digitsLimit ? text : BigInt(text)
}
