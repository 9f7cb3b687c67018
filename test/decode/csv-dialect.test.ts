import { describe, expect, test } from 'vitest'
import { parseCsv } from '../../src/decode/csv.ts'
import type { CsvDialect } from '../../src/decode/csv-dialect.ts'
import { Deviations } from '../../src/report/deviation.ts'

function read(text: string, dialect: CsvDialect = {}) {
  const met = new Deviations()
  const { rows } = parseCsv(text, dialect, met)
  return { rows, met: [...met] }
}

const perRow = [
  ['ReportTimestamp', 'ParameterName', 'ParameterValue', 'ParameterType'],
  ['1364529149', 'A', 'x y', 'string'],
  ['1364529149', 'B', '2', 'unsignedInt'],
]
const write = (separator: string, end: string, last = end) =>
  perRow.map((row) => row.join(separator)).join(end) + last

describe('the field separator is sniffed', () => {
  test.each([',', ';', '\t', '|', '::', ' ; '])('%j', (separator) => {
    const { rows } = read(write(separator, '\n'))
    expect(rows.map((row) => row.map((cell) => cell.trim()))).toEqual(perRow)
  })

  test('below an empty line', () => {
    expect(read('\r\n\nRxA;TxB\n1;2\n').rows).toEqual([
      ['RxA', 'TxB'],
      ['1', '2'],
    ])
  })

  test('from the first line, where no name is known', () => {
    expect(read('A;B;C\n1;2,5;3\n').rows).toEqual([
      ['A', 'B', 'C'],
      ['1', '2,5', '3'],
    ])
  })
})

describe('the row separator is sniffed', () => {
  test.each([
    ['CR LF', '\r\n', []],
    ['LF', '\n', []],
    ['CR', '\r', ['csv-row-separator']],
    ['CR LF escaped once too often (prplOS)', '&#13;&#10;', ['csv-row-separator']],
    ['LF escaped once too often', '&#10;', ['csv-row-separator']],
    ['a space (TR-181 2.15)', ' ', ['csv-row-separator']],
  ])('%s', (_what, end, met) => {
    expect(read(write(',', end))).toEqual({ rows: perRow, met })
    expect(read(write(',', end, '')).rows).toEqual(perRow)
  })

  test('nothing at all (iopsys)', () => {
    const { rows } = read(write(',', ''))
    expect(rows).toEqual(perRow)
  })

  test('CR LF and LF in one body', () => {
    expect(read('ReportTimestamp,A\r\n1364529149,1\n1364529150,2\n')).toEqual({
      rows: [
        ['ReportTimestamp', 'A'],
        ['1364529149', '1'],
        ['1364529150', '2'],
      ],
      met: ['csv-row-separator-mixed'],
    })
  })

  test('a space between rows of ParameterPerColumn, not those inside values', () => {
    const { rows } = read('ReportTimestamp,My Name 1364529149,Bob Ross 1364529150,x ')
    expect(rows).toEqual([
      ['ReportTimestamp', 'My Name'],
      ['1364529149', 'Bob Ross'],
      ['1364529150', 'x'],
    ])
  })
})

describe('quotes', () => {
  test('cells may hold separators, row ends and doubled quotes', () => {
    expect(read('ReportTimestamp,A\r\n1,"a,\r\n""b"""\r\n')).toEqual({
      rows: [
        ['ReportTimestamp', 'A'],
        ['1', 'a,\r\n"b"'],
      ],
      met: [],
    })
  })

  test.each([
    ['inside a value', 'say "hi" now'],
    ['at its beginning', '"hi'],
    ['around a part of it', '"a" b'],
  ])('of an agent that does not escape (iopsys): %s', (_where, value) => {
    const { rows, met } = read(`ReportTimestamp,A,B\n1364529149,${value},2\n`)
    expect(rows[1]).toEqual(['1364529149', value, '2'])
    expect(met).toEqual(['csv-stray-quote'])
  })
})

describe('what a profile says is not sniffed', () => {
  test('separators of several characters', () => {
    const dialect = { fieldSeparator: '<>', rowSeparator: '##' }
    expect(read('A<>B##1<>2##', dialect).rows).toEqual([
      ['A', 'B'],
      ['1', '2'],
    ])
  })

  test('an escape character, also of several characters (prplOS)', () => {
    const rows = [
      ['A', 'B'],
      ['x,y', `it's`],
    ]
    expect(read(`A,B\n'x,y','it''s'\n`, { escapeCharacter: "'" }).rows).toEqual(rows)
    const prpl = { escapeCharacter: '&quot' }
    expect(read(`A,B\n&quotx,y&quot,it's\n`, prpl).rows).toEqual(rows)
  })
})
