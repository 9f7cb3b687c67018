import { describe, expect, test } from 'vitest'
import { explainUpload } from '../../src/normalize/explain.ts'
import { openEnvelope } from '../../src/normalize/json-envelope.ts'
import { Deviations } from '../../src/report/deviation.ts'
import { buildUpload } from '../report/build-upload.ts'
import { knowledge } from './knowledge.ts'

function open(text: string) {
  const met = new Deviations()
  const { items, others } = openEnvelope(JSON.parse(text), met)
  return { items: items.map((item) => ({ ...item })), others, met: [...met] }
}

const item = { CollectionTime: 1364529149, A: 1 }
const body = JSON.stringify(item)

test.each([
  ['the Report array of the standard', `{"Report":[${body}]}`, [item], []],
  ['an empty one', '{"Report":[]}', [], []],
  ['null instead', '{"Report":null}', [], []],
  ['a single object instead', `{"Report":${body}}`, [item], ['json-single-report']],
  ['a bare array', `[${body}]`, [item], ['json-no-envelope']],
  ['a bare object', body, [item], ['json-no-envelope']],
  [
    'a bare object with a list in it',
    '{"CollectionTime":1,"N":[{"a":1}]}',
    [{ CollectionTime: 1, N: [{ a: 1 }] }],
    ['json-no-envelope'],
  ],
  ['an empty object', '{}', [{}], ['json-no-envelope']],
  ['another root (RDK)', `{"searchResult":[${body}]}`, [item], ['json-other-root']],
  [
    'an item per parameter (RDK)',
    '{"Report":[{"A":"1"},{"B":[{"x":"2"}]}]}',
    [{ A: '1', B: [{ x: '2' }] }],
    ['json-item-per-parameter'],
  ],
  [
    'one name twice: reports without time',
    '{"Report":[{"A":1},{"A":2}]}',
    [{ A: 1 }, { A: 2 }],
    [],
  ],
  [
    'two names in an item: reports without time',
    '{"Report":[{"A":1,"B":1},{"C":2}]}',
    [{ A: 1, B: 1 }, { C: 2 }],
    [],
  ],
])('%s', (_what, text, items, met) => {
  expect(open(text)).toMatchObject({ items, met })
})

test('what stands beside the reports is kept', () => {
  expect(open('{"Report":[],"version":"1.2"}').others).toEqual({ version: '1.2' })
})

test('what stands beside the reports is an attribute of each, whatever it is', async () => {
  const body =
    '{"Report":[{"A":1}],"Meta":{"Model":"X"},"List":[1],"n":null,"Seq":18446744073709551615}'
  const { events = [] } = await explainUpload(buildUpload({ target: '/c?sn=1', body }), knowledge)
  expect((JSON.parse(events[0] ?? '') as { Attributes: unknown }).Attributes).toEqual({
    'Meta.Model': 'X',
    'List.0': '1',
    n: 'null',
    Seq: '18446744073709551615',
  })
})

test('a USP Notify has the report inside, exact as it is', () => {
  const data = JSON.stringify('{"Report":[{"n":18446744073709551615}]}')
  const push = `{"body":{"request":{"notify":{"event":{"params":{"Data":${data}}}}}}}`
  expect(open(push)).toMatchObject({
    items: [{ n: 18446744073709551615n }],
    met: ['json-push-event'],
  })
})

describe('what is no report', () => {
  test.each([
    ['a text', '"a"', undefined],
    ['numbers', '[1,2]', 'the array[0]'],
    ['a null among the items', '{"Report":[{},null]}', 'Report[1]'],
    ['a list of lists', '{"Report":[[]]}', 'Report[0]'],
  ])('%s', (_what, text, position) => {
    expect(() => open(text)).toThrow(expect.objectContaining({ code: 'BDC_JSON_SHAPE', position }))
  })

  test('a USP Notify with something else inside', () => {
    expect(() => open('{"body":{"request":{"notify":{"event":{"params":{"Data":"{"}}}}}}')).toThrow(
      expect.objectContaining({ code: 'BDC_JSON_SYNTAX' }),
    )
  })
})
