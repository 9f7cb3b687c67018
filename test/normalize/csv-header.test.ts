import { expect, test } from 'vitest'
import { explainUpload } from '../../src/normalize/explain.ts'
import { readHeader } from '../../src/normalize/csv-header.ts'
import { noProfiles } from '../../src/normalize/profiles.ts'
import { buildUpload } from '../report/build-upload.ts'
import { knowledge } from './knowledge.ts'

test('a header line is known again', () => {
  const line = 'ReportTimestamp, A ,B'
  const header = readHeader(line.split(','), line)
  expect(header).toMatchObject({
    columns: ['ReportTimestamp', 'A', 'B'],
    timeColumn: 0,
    names: [undefined, 'A', 'B'],
    hasDuplicates: false,
  })
  expect(readHeader(line.split(','), line)).toBe(header)
})

test('one among many is forgotten, and read anew', () => {
  const first = readHeader(['first'], 'first')
  for (let other = 0; other < 1_000; other += 1) readHeader([`o${other}`], `o${other}`)
  expect(readHeader(['first'], 'first')).not.toBe(first)
  expect(readHeader(['first'], 'first')).toEqual(first)
})

test('the same line means something else to a profile with other separators', async () => {
  const body = 'ReportTimestamp,A;B\n1364529149,1;2\n'
  const parametersFor = async (fieldSeparator: string | undefined) => {
    const profiles = () => ({ name: 'p', csv: { fieldSeparator } })
    const known = { ...knowledge, profiles: fieldSeparator === undefined ? noProfiles : profiles }
    const headers = { 'content-type': 'text/csv' }
    const { events = [] } = await explainUpload(buildUpload({ body, headers }), known)
    return (JSON.parse(events[0] ?? '') as { Parameters: unknown }).Parameters
  }
  for (let again = 0; again < 2; again += 1) {
    expect(await parametersFor(undefined)).toEqual({ 'A;B': '1;2' })
    expect(await parametersFor(';')).toEqual({ 'ReportTimestamp,A': '1364529149,1', B: 2 })
  }
})
