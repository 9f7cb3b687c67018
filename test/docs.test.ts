import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeSettings } from '../src/config/describe.ts'
import { deviations } from '../src/report/deviation.ts'
import { createMetrics } from '../src/telemetry/metrics.ts'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

const settings = describeSettings()

test('config.env.example lists every variable with its default, and no other', () => {
  const lines = Array.from(read('config.env.example').matchAll(/^#?([A-Z_]+)=(.*)$/gm))
  const documented = lines.map(([, name, value]) => `${name ?? ''}=${value ?? ''}`)
  expect(documented).toEqual(settings.map(({ name, default: value = '' }) => `${name}=${value}`))
})

test('the configuration table of the README has every variable with its default', () => {
  const rows = Array.from(read('README.md').matchAll(/^\| `([A-Z_]+)` \| `?([^|`]*)`? \|/gm))
  const documented = rows.map(([, name = '', value = '']) => `${name}=${value}`)
  expect(documented).toEqual(
    settings.map(({ name, default: value }) => `${name}=${value || 'unset'}`),
  )
})

test('the README names every metric of ours, and none that does not exist', async () => {
  const ours = (await createMetrics('test').registry.getMetricsAsJSON())
    .map(({ name }) => name)
    .filter((name) => name.startsWith('bdc_'))
  const table =
    read('README.md')
      .match(/^\| `bdc_.*$/gm)
      ?.join('\n') ?? ''
  const named = new Set(Array.from(table.matchAll(/\bbdc_[a-z_]+/g), ([name]) => name))
  expect(Array.from(named).sort()).toEqual(ours.sort())
})

test('docs/agents.md lists every deviation as the program tells it', () => {
  const rows = Array.from(
    read('docs/agents.md').matchAll(/^\| `([a-z0-9-]+)` \| (.*) \| (.*) \|$/gm),
  )
  expect(rows.map(([, code, clause, meaning]) => [code, clause, meaning])).toEqual(
    Object.entries(deviations).map(([code, [clause, meaning]]) => [code, clause, meaning]),
  )
})

test('the tests that the checklist names exist', () => {
  const checklist = /## Checklist([^]*?)## Deviations/.exec(read('docs/agents.md'))?.[1] ?? ''
  const named = Array.from(checklist.matchAll(/`([a-z]+\/[a-z-]+)`/g), ([, name = '']) => name)
  expect(named.length).toBeGreaterThan(20)
  const file = (name: string) => new URL(`${name}.test.ts`, import.meta.url)
  expect(named.filter((name) => !existsSync(file(name)))).toEqual([])
})
