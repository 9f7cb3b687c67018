import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCsv, parseQuotedCsv } from '../../src/decode/csv.ts'
import { Deviations } from '../../src/report/deviation.ts'
import { TransferError } from '../../src/errors.ts'

const split = (text: string, separator = ',') =>
  parseCsv(text, { fieldSeparator: separator }, new Deviations()).rows
const oracle = (text: string, separator = ',') =>
  parseQuotedCsv(text, separator, undefined, '"', new Deviations())

const cell = fc.string({ unit: fc.constantFrom('a', 'ä', '€', ' ', '\t', '.', '0', ';', '\0') })
const row = fc.array(cell, { minLength: 1, maxLength: 6 })
const rows = fc.array(row, { maxLength: 12 })

describe('the fast path agrees with csv-parse', () => {
  test('on tables', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), fc.boolean(), (table, end, atEnd) => {
        const text = table.map((cells) => cells.join(',')).join(end) + (atEnd ? end : '')
        expect(split(text)).toEqual(oracle(text))
      }),
      { numRuns: 2_000 },
    )
  })

  test('on any text without a quote', () => {
    const unit = fc.constantFrom(',', '\n', '\r', '\r\n', 'a', ' ', '')
    fc.assert(
      fc.property(fc.string({ unit }), (body) => {
        const text = body.replace(/^[\r\n]+/, '') // empty lines above the header are no rows
        fc.pre(!/^[^\r\n]*\r(?!\n)/.test(text)) // a body of old Mac rows, which has no LF
        expect(split(text)).toEqual(oracle(text))
      }),
      { numRuns: 5_000 },
    )
  })
})

test('quoted cells may hold separators, row ends and doubled quotes', () => {
  expect(split('a,"b,c\nd ""e"""\n')).toEqual([['a', 'b,c\nd "e"']])
})

test('an open quote is an error that says where', () => {
  const read = () => parseCsv('"a",b\nc,"d\n', {}, new Deviations())
  expect(read).toThrow(TransferError)
  expect(read).toThrow(expect.objectContaining({ code: 'BDC_CSV_SYNTAX', position: 'line 2' }))
})
