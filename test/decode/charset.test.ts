import { expect, test } from 'vitest'
import { decodeCharset } from '../../src/decode/charset.ts'
import { Deviations } from '../../src/report/deviation.ts'

test.each([
  ['UTF-8', 'é', 'utf-8', 'é', []],
  ['UTF-8 that is not declared', 'é', undefined, 'é', []],
  ['UTF-8 with a byte order mark', '\ufeffé', 'utf-8', 'é', ['byte-order-mark']],
  ['a byte order mark against what is declared', '\ufeffé', 'iso-8859-1', 'é', ['byte-order-mark']],
  ['ISO-8859-1', Buffer.from('é', 'latin1'), 'iso-8859-1', 'é', ['charset-not-utf8']],
  ['Windows-1252', Buffer.from([0x80]), 'windows-1252', '€', ['charset-not-utf8']],
  ['a charset that nobody knows', 'é', 'klingon', 'é', ['charset-unknown']],
  [
    'bytes that are not UTF-8',
    Buffer.from([0x61, 0xe9, 0x62]),
    'utf-8',
    'a\ufffdb',
    ['charset-invalid-bytes'],
  ],
])('%s', (_what, body, declared, expected, deviations) => {
  const met = new Deviations()
  expect(decodeCharset(Buffer.from(body), declared, met)).toBe(expected)
  expect([...met]).toEqual(deviations)
})
