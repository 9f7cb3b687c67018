import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { typedValue, untypedValue } from '../../src/normalize/parameter-value.ts'

describe('typedValue', () => {
  test.each([
    ['42', 'int', 42],
    ['-42', 'int', -42],
    ['18446744073709551615', 'unsignedLong', 18446744073709551615n],
    ['-9223372036854775808', 'long', -9223372036854775808n],
    ['0042', 'unsignedInt', 42],
    ['', 'unsignedInt', ''],
    ['4.2', 'int', '4.2'],
    ['4.2', 'decimal', 4.2],
    ['1e400', 'decimal', '1e400'],
    ['true', 'boolean', true],
    ['1', 'boolean', true],
    ['false', 'boolean', false],
    ['0', 'boolean', false],
    ['yes', 'boolean', 'yes'],
    ['42', 'string', '42'],
    ['2026-01-01T00:00:00Z', 'dateTime', '2026-01-01T00:00:00Z'],
    ['00ff', 'hexBinary', '00ff'],
    ['42', undefined, '42'],
  ] as const)('%s as %s', (text, type, expected) => {
    expect(typedValue(text, type)).toBe(expected)
  })
})

describe('untypedValue', () => {
  test.each([
    ['42', 42],
    ['-42', -42],
    ['0', 0],
    ['18446744073709551615', 18446744073709551615n],
    ['true', true],
    ['1.5', 1.5],
    ['0042', '0042'],
    ['+1', '+1'],
    ['-0', '-0'],
    ['1.50', '1.50'],
    ['1e3', '1e3'],
    [' 1', ' 1'],
    ['', ''],
    ['TRUE', 'TRUE'],
    ['NaN', 'NaN'],
  ])('%s', (text, expected) => {
    expect(untypedValue(text)).toBe(expected)
  })

  test('never loses anything: the value prints as the text that was sent', () => {
    const numeric = fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '-', '+', 'e', ' ') })
    fc.assert(
      fc.property(fc.oneof(numeric, fc.string()), (text) => {
        expect(String(untypedValue(text))).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })
})
