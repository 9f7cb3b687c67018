import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runProgram } from '../program.ts'
import { readLines, runCollector } from '../running-collector.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bdc-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const replay = (...args: string[]) =>
  runProgram(
    ['replay', ...args],
    { FILE_DIR: 'reports', QUARANTINE_DIR: 'quarantine', PROFILES_FILE: 'profiles.json' },
    directory,
  ).exited

const pastHour = 'quarantine/2026/01/02/03'
const record = (body: string, more: object = {}) =>
  JSON.stringify({
    ReceivedTime: '2026-01-02T03:04:05.678Z',
    Code: 'BDC_CSV_HEADER',
    Target: '/collector?oui=00256D&pc=Z&sn=Y',
    Headers: { 'content-type': 'text/csv' },
    Body: body,
    ...more,
  })

async function givenQuarantine(...lines: string[]): Promise<void> {
  await writeFile(join(directory, 'profiles.json'), '[]')
  await mkdir(join(directory, pastHour), { recursive: true })
  await writeFile(join(directory, pastHour, '0405-1.ndjson'), lines.map((l) => l + '\n').join(''))
}

const understood = record('ReportTimestamp,A\n1767323045,1\n')
const binary = record('', {
  Body: undefined,
  BodyBase64: Buffer.from('ReportTimestamp,A\n1767323045,\xe9\n', 'latin1').toString('base64'),
})
const hopeless = record('hello')

test('delivers what is understood now and leaves the rest', async () => {
  await givenQuarantine(understood, hopeless, binary)
  const { code, stdout } = await replay()
  expect(code, stdout).toBe(0)
  expect(stdout).toBe(
    '3 uploads in quarantine, 2 understood with 2 reports\nnot understood:\n  1 BDC_CSV_HEADER\n',
  )
  const events = await readLines(join(directory, 'reports'))
  expect(events.map(({ Parameters }) => Parameters)).toEqual([{ A: 1 }, { A: '\ufffd' }])
  expect(events[0]).toMatchObject({ SerialNumber: 'Y', ReceivedTime: '2026-01-02T03:04:05.678Z' })
  const [left] = await readdir(join(directory, pastHour))
  expect(await readFile(join(directory, pastHour, left ?? ''), 'utf8')).toBe(hopeless + '\n')
})

test('a file of which nothing is left is removed', async () => {
  await givenQuarantine(understood)
  await replay()
  expect(await readdir(join(directory, pastHour))).toEqual([])
})

test('--dry-run delivers nothing and changes nothing', async () => {
  await givenQuarantine(understood, 'null')
  const { code, stdout } = await replay('--dry-run', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    uploads: 2,
    understood: 1,
    reports: 1,
    notUnderstood: { 'not a record of the quarantine': 1 },
  })
  expect(await readdir(join(directory, pastHour))).toHaveLength(1)
  expect(await readLines(join(directory, 'reports'))).toEqual([])
})

test('what a collector has quarantined is understood with a new profile', async () => {
  const body = 'ParameterName<>ParameterValue~A<>1~'
  await using running = await runCollector({ ON_MALFORMED: 'quarantine' })
  const target = '/collector?oui=1&profile=odd'
  const answer = await fetch(running.url + target, { method: 'POST', body: 'odd body ~A~' })
  expect(answer.status).toBe(200)
  expect(await running.quarantined()).toHaveLength(1)
  const [kept] = await running.quarantined()
  const csv = { fieldSeparator: '<>', rowSeparator: '~' }
  const profile = { name: 'odd', match: { query: { profile: 'odd' } }, csv }
  await givenQuarantine(JSON.stringify({ ...kept, Body: body }))
  await writeFile(join(directory, 'profiles.json'), JSON.stringify([profile]))
  const { stdout } = await replay()
  expect(stdout).toContain('1 understood with 1 reports')
  const [event] = await readLines(join(directory, 'reports'))
  expect(event).toMatchObject({ Parameters: { A: '1' }, Attributes: { bdc_profile: 'odd' } })
})

test('no such directory: said, exit code 1', async () => {
  await givenQuarantine(understood)
  const { code, stderr } = await replay('/no/such/directory')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^bdc: ENOENT.*\/no\/such\/directory/m)
})
