import { expect, test } from 'vitest'
import { formatHint } from '../../src/decode/format-hint.ts'
import { Deviations } from '../../src/report/deviation.ts'

const json = 'application/json; charset=UTF-8'

test.each([
  ['as the standard has it', 'NameValuePair', json, 'NameValuePair', 'json', []],
  [
    'in quotes (iopsys, Casa)',
    '"ParameterPerRow"',
    json,
    'ParameterPerRow',
    'json',
    ['format-header-quoted'],
  ],
  [
    'in single quotes',
    "'ObjectHierarchy'",
    json,
    'ObjectHierarchy',
    'json',
    ['format-header-quoted'],
  ],
  ['in another case', 'namevaluepair', json, 'NameValuePair', 'json', []],
  [
    'twice',
    '"NameValuePair", "NameValuePair"',
    json,
    'NameValuePair',
    'json',
    ['format-header-repeated'],
  ],
  ['unknown', 'XML', json, undefined, 'json', ['format-header-unknown']],
  ['absent (RDK)', undefined, json, undefined, 'json', ['format-header-missing']],
  [
    'charset in quotes (iopsys)',
    'NameValuePair',
    'application/json; charset="utf-8"',
    'NameValuePair',
    'json',
    [],
  ],
  [
    'no charset (RDK)',
    'NameValuePair',
    'application/json',
    'NameValuePair',
    'json',
    ['charset-missing'],
  ],
  [
    'CSV with its header parameter',
    'ParameterPerRow',
    'text/csv; charset=UTF-8; header=present',
    'ParameterPerRow',
    'csv',
    [],
  ],
  [
    'CSV without it (ubbf)',
    'ParameterPerRow',
    'text/csv; charset=UTF-8',
    'ParameterPerRow',
    'csv',
    ['csv-header-parameter-missing'],
  ],
  [
    'what curl sends when nobody says otherwise',
    'NameValuePair',
    'application/x-www-form-urlencoded',
    'NameValuePair',
    undefined,
    ['charset-missing', 'content-type-wrong'],
  ],
  ['none at all', 'NameValuePair', undefined, 'NameValuePair', undefined, ['content-type-missing']],
  [
    'nonsense',
    'NameValuePair',
    ';;"',
    'NameValuePair',
    undefined,
    ['charset-missing', 'content-type-wrong'],
  ],
])('%s', (_what, reportFormat, contentType, format, mediaType, deviations) => {
  const met = new Deviations()
  const headers = { 'bbf-report-format': reportFormat, 'content-type': contentType }
  expect(formatHint(headers, met)).toMatchObject({ format, mediaType })
  expect([...met]).toEqual(deviations)
})
