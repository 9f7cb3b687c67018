import { expect, test } from 'vitest'
import { explainUpload } from '../../src/normalize/explain.ts'
import { buildUpload } from '../report/build-upload.ts'
import { knowledge } from './knowledge.ts'

const limits = { ...knowledge.limits, parametersLimit: 3, nestingLimit: 3 }
const fault = async (body: string, contentType = 'text/csv') =>
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
  expect(await fault(`{"x":${beside},"Report":[{"n":18446744073709551615}]}`)).toBe(
    'BDC_JSON_TOO_DEEP',
  )
})

const names = (count: number) => Array.from({ length: count }, (_, index) => `N${index}`)
