import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError } from '../../src/errors.ts'
import { explainUpload } from '../../src/normalize/explain.ts'
import { loadProfiles } from '../../src/normalize/profiles.ts'
import { buildUpload } from '../report/build-upload.ts'
import { knowledge } from './knowledge.ts'

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bdc-'))
  file = join(directory, 'profiles.json')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const profiles = [
  { name: 'wifi', match: { query: { profile: 'wifi' } }, csv: { rowSeparator: '~' } },
  { name: 'both', match: { path: '/c/x', query: { tenant: 'a' } } },
  { name: 'path', match: { path: '/c/x' }, csv: { fieldSeparator: '/', escapeCharacter: "'" } },
]

describe('a profile', () => {
  test.each([
    ['of a query key', '/c?profile=wifi', 'wifi'],
    ['of a path and a query key', '/c/x/y?tenant=a', 'both'],
    ['of a path, with anything below it', '/c/x/y?tenant=b', 'path'],
    ['of nothing that is here', '/c?profile=lan', undefined],
  ])('%s', async (_what, target, name) => {
    await writeFile(file, JSON.stringify(profiles))
    const upload = buildUpload({ target, body: '{"Report":[{}]}' })
    const known = { ...knowledge, profiles: loadProfiles(file) }
    const { profile, events = [] } = await explainUpload(upload, known)
    expect(profile).toBe(name)
    const { Attributes } = JSON.parse(events[0] ?? '') as { Attributes: Record<string, string> }
    expect(Attributes['bdc_profile']).toBe(name)
  })

  test('that tells how CSV is written says that it is CSV', async () => {
    await writeFile(file, JSON.stringify(profiles))
    const known = { ...knowledge, profiles: loadProfiles(file) }
    const upload = buildUpload({ target: '/c?profile=wifi', body: 'A,B~1,2~' })
    const { events = [] } = await explainUpload(upload, known)
    expect(JSON.parse(events[0] ?? '')).toMatchObject({ Parameters: { A: 1, B: 2 } })
  })

  test('tells how its CSV is written', async () => {
    await writeFile(file, JSON.stringify(profiles))
    const body = "ReportTimestamp/A/B\n1364529149/'x/y'/2\n"
    const known = { ...knowledge, profiles: loadProfiles(file) }
    const { events = [] } = await explainUpload(buildUpload({ target: '/c/x', body }), known)
    expect(JSON.parse(events[0] ?? '')).toMatchObject({ Parameters: { A: 'x/y', B: 2 } })
  })
})

describe('a file that cannot be used is a fault of the configuration', () => {
  test.each([
    ['no JSON', '{', 'profiles.json: '],
    ['no list', '{}', 'profiles.json: '],
    ['a profile without a name', '[{"match":{"path":"/a"}}]', '0.name'],
    ['a profile that matches nothing', '[{"name":"a","match":{}}]', '0.match: needs a path'],
    ['an unknown key', '[{"name":"a","match":{"path":"/"},"cvs":{}}]', 'cvs'],
  ])('%s', async (_what, text, problem) => {
    await writeFile(file, text)
    expect(() => loadProfiles(file)).toThrow(ConfigError)
    expect(() => loadProfiles(file)).toThrow(problem)
  })

  test('none there', () => {
    expect(() => loadProfiles(file)).toThrow('ENOENT')
  })
})
