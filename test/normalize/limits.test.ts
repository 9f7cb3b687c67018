import { expect, test } from 'vitest'
import { explainUpload } from '../../src/normalize/explain.ts'
import { buildUpload } from '../report/build-upload.ts'
import { knowledge } from './knowledge.ts'

const small = { ...knowledge.limits, reportsLimit: 2, parametersLimit: 3, nestingLimit: 3 }
const fault = async (body: string, limits = small, contentType = 'text/csv') =>
  (
    await explainUpload(buildUpload({ body, headers: { 'content-type': contentType } }), {
      ...knowledge,
      limits,
    })
  ).fault?.code

test.each([
  [
    'NameValuePair',
    (n: number) =>
      JSON.stringify({ Report: [Object.fromEntries(names(n).map((name) => [name, 1]))] }),
  ],
  ['ParameterPerColumn', (n: number) => `${names(n).join(',')}\n${names(n).join(',')}x\n`],
  [
    'ParameterPerRow',
    (n: number) =>
      `ParameterName,ParameterValue\n${names(n)
        .map((name) => `${name},1\n`)
        .join('')}`,
  ],
])('PARAMETERS_LIMIT at its edge: %s', async (_format, body) => {
  expect(await fault(body(3))).toBeUndefined()
  expect(await fault(body(4))).toBe('BDC_TOO_MANY_PARAMETERS')
})

test('NESTING_LIMIT at its edge', async () => {
  const nested = (depth: number) => `{"Report":[${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}]}`
  expect(await fault(nested(3))).toBeUndefined()
  expect(await fault(nested(4))).toBe('BDC_JSON_TOO_DEEP')
})

test('nesting beside the reports, with a number that needs the exact reader', async () => {
  const depth = 200_000
  const beside = `${'['.repeat(depth)}${']'.repeat(depth)}`
  expect(
    await fault(`{"x":${beside},"Report":[{"n":18446744073709551615}]}`, knowledge.limits),
  ).toBe('BDC_JSON_TOO_DEEP')
})

test.each([
  [
    'JSON',
    (n: number) =>
      JSON.stringify({ Report: Array.from({ length: n }, (_, i) => ({ a: i, b: 1 })) }),
  ],
  ['ParameterPerColumn', (n: number) => `ReportTimestamp,a\n${'1364529149,1\n'.repeat(n)}`],
  [
    'ParameterPerRow',
    (n: number) =>
      `ReportTimestamp,ParameterName,ParameterValue\n${Array.from({ length: n }, (_, i) => `136452914${i},a,1\n`).join('')}`,
  ],
])('REPORTS_LIMIT at its edge: %s', async (_format, body) => {
  const limits = { ...small, parametersLimit: 100 }
  expect(await fault(body(2), limits)).toBeUndefined()
  expect(await fault(body(3), limits)).toBe('BDC_TOO_MANY_REPORTS')
})

test.each([
  ['objects', `{"Report":[${'{},'.repeat(2_000_000)}{}]}`],
  [
    'objects beside the reports',
    `{"Report":[{"a":9007199254740993}],"x":[${'[{"a":1}],'.repeat(400_000)}0]}`,
  ],
  ['rows', `ReportTimestamp\n${'1\n'.repeat(2_100_000)}`],
  ['cells', `ReportTimestamp${',a'.repeat(2_100_000)}\n`],
])('millions of %s are refused before any of them is made', async (_what, body) => {
  expect(await fault(body, knowledge.limits)).toBe('BDC_TOO_MANY_PARAMETERS')
})

test('names that grow when they are joined stay within INFLATED_LIMIT_BYTES', async () => {
  const leaves = names(2_000)
    .map((name) => `"${name}":0`)
    .join(',')
  const body = `{"Report":[{"${'k'.repeat(20_000)}":{${leaves}}}]}`
  expect(body.length).toBeLessThan(50_000)
  expect(await fault(body, knowledge.limits)).toBe('BDC_INFLATED_TOO_LARGE')
})

const names = (count: number) => Array.from({ length: count }, (_, index) => `N${index}`)
