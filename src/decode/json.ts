import { visit } from 'jsonc-parser'
import { TransferError } from '../errors.ts'
import type { Deviations } from '../report/deviation.ts'

/**
 * Parses a JSON body. Fast and lossy: an integer beyond 2^53 comes out rounded. Whoever walks
 * the document sees such a number and asks parseJsonExactly for the same text.
 * @throws TransferError BDC_JSON_SYNTAX with the position
 */
export function parseJson(body: string, met: Deviations): { document: unknown; text: string } {
  try {
    return { document: JSON.parse(body), text: body }
  } catch (error) {
    const text = withoutTrailingNul(body)
    if (text !== body) {
      met.add('json-trailing-nul')
      return parseJson(text, met)
    }
    throw new TransferError('BDC_JSON_SYNTAX', `not valid JSON: ${(error as Error).message}`, {
      cause: error,
      position: faultPosition(body),
    })
  }
}

/** An agent that sends a C string with its end. */
function withoutTrailingNul(text: string): string {
  let end = text.length
  while (text.charCodeAt(end - 1) === 0) end -= 1
  return text.slice(0, end)
}

/** JSON.parse does not always say where it stopped; jsonc-parser does, and comes in only then. */
function faultPosition(text: string): string | undefined {
  let position: string | undefined
  const onError = (
    _error: number,
    _offset: number,
    _length: number,
    line: number,
    column: number,
  ) => {
    position ??= `line ${line + 1}, column ${column + 1}`
  }
  try {
    visit(text, { onError }, { disallowComments: true })
  } catch {
    return 'nested too deep to tell'
  }
  return position
}

/** The reviver's third argument: the text of a primitive value (ECMAScript 2026). */
type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown
const parseWithSource = JSON.parse as (text: string, reviver: SourceReviver) => unknown

/**
 * Parses a JSON body that is known to be valid, with every integer exact at any size: those
 * that a double cannot hold come out as bigint.
 * @throws TransferError BDC_JSON_TOO_DEEP
 */
export function parseJsonExactly(text: string): unknown {
  try {
    return parseWithSource(text, (_key, value, { source }) =>
      typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined
        ? exactNumber(value, source)
        : value,
    )
  } catch (error) {
    throw new TransferError('BDC_JSON_TOO_DEEP', 'nested too deep', { cause: error })
  }
}

/** No counter has more digits; to print an integer of a million takes the better part of a second. */
export const digitsLimit = 100

const integerLiteral = /^-?\d+$/

/** A numeral beyond the doubles (1e400) or of endless digits is kept as it was written: as a text. */
function exactNumber(value: number, source: string): number | bigint | string {
  if (integerLiteral.test(source)) return source.length > digitsLimit ? source : BigInt(source)
  return Number.isFinite(value) ? value : source
}
