import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, parseJsonExactly } from '../../src/decode/json.ts'
import { Deviations } from '../../src/report/deviation.ts'

const rounded = (_key: string, value: unknown) =>
  typeof value === 'bigint' ? Number(value) : value

test('the exact reader agrees with JSON.parse, but for what that one rounds', () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), (text) => {
      expect(JSON.stringify(parseJsonExactly(text), rounded)).toBe(JSON.stringify(JSON.parse(text)))
    }),
  )
})

test('integers of any size come out exact', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (integer) => {
      const read = parseJsonExactly(`[${integer.toString()}]`) as (number | bigint)[]
      expect(BigInt(read[0] ?? 0)).toBe(integer)
    }),
  )
})

test.each([
  ['1.844674407370955e+19', 1.844674407370955e19],
  ['1e400', '1e400'],
  ['-0', -0],
  ['9007199254740993', 9007199254740993n],
  ['9007199254740991', 9007199254740991],
])('%s is read as %s', (text, expected) => {
  expect(parseJsonExactly(text)).toBe(expected)
})

test('a key __proto__ is a key like any other', () => {
  const read = parseJsonExactly('{"__proto__":{"n":18446744073709551615}}') as object
  expect(Object.keys(read)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
})

test('a fault says where', () => {
  expect(() => parseJson('{"a":]', new Deviations())).toThrow(
    expect.objectContaining({ code: 'BDC_JSON_SYNTAX', position: 'line 1, column 6' }),
  )
})
