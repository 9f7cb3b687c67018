import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * Which stage may import which. Imports run one way along the road of a report; what is not
 * listed is forbidden, type imports included.
 */
const everyone = ['report', 'errors.ts', 'settings.ts', 'telemetry']
const allowed: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['config', 'commands'],
  commands: [
    'collector.ts',
    'config',
    'ndjson',
    'normalize',
    'partition',
    'pipeline.ts',
    'quarantine',
  ],
  'collector.ts': ['config', 'http', 'normalize', 'pipeline.ts', 'quarantine', 'sinks'],
  'pipeline.ts': ['config', 'dead-letter', 'partition', 'produce', 'queue', 'sinks'],
  http: ['decode', 'normalize', 'partition', 'quarantine', 'queue'],
  normalize: ['decode'],
  decode: [],
  partition: ['queue'],
  queue: [],
  produce: ['queue', 'dead-letter', 'sinks/sink.ts'],
  quarantine: ['ndjson'],
  'dead-letter': ['ndjson'],
  ndjson: [],
  'sinks/sink.ts': [],
  'sinks/registry.ts': ['sinks/sink.ts', 'sinks/*'],
  'sinks/*': ['sinks/sink.ts', 'ndjson'],
  config: ['sinks/registry.ts', '*/config.ts'],
  report: [],
  telemetry: [],
  'errors.ts': [],
  'settings.ts': [],
}
/** These are for all, so they need none of ours; telemetry has settings of its own. */
const leaves = ['report', 'errors.ts', 'settings.ts']

const src = resolve(import.meta.dirname, '../src')

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8')
  return Array.from(text.matchAll(/(?:from|import\(|import)\s*'(\.[^']+)'/g), ([, path = '']) =>
    relative(src, resolve(src, dirname(file), path)),
  )
}

/** The row of the table that a file belongs to. */
function stageOf(file: string): string {
  const parts = file.split('/')
  if (parts[0] !== 'sinks') return parts[0] ?? ''
  return parts.length === 2 ? file : 'sinks/*'
}

function mayImport(from: string, to: string): boolean {
  const stage = stageOf(from)
  const target = stageOf(to)
  if (target === stage && stage !== 'sinks/*') return true
  if (stage === 'sinks/*' && dirname(from) === dirname(to)) return true
  if (!leaves.includes(stage) && everyone.includes(target)) return true
  const rules = allowed[stage] ?? []
  return (
    rules.includes(target) ||
    rules.includes(target.split('/')[0] ?? '') ||
    (rules.includes('*/config.ts') && to.endsWith('/config.ts'))
  )
}

describe('imports run one way', () => {
  test('every stage is in the table', () => {
    expect(files.filter((file) => !(stageOf(file) in allowed))).toEqual([])
  })

  test('no file imports against the table', () => {
    const against = files.flatMap((from) =>
      importsOf(from)
        .filter((to) => !mayImport(from, to))
        .map((to) => `${from} → ${to}`),
    )
    expect(against).toEqual([])
  })

  test('there are no cycles', () => {
    const done = new Set<string>()
    const visit = (file: string, path: readonly string[]): string | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(' → ')
      if (done.has(file)) return undefined
      for (const next of importsOf(file)) {
        const cycle = visit(next, [...path, file])
        if (cycle !== undefined) return cycle
      }
      done.add(file)
      return undefined
    }
    expect(files.map((file) => visit(file, [])).filter((cycle) => cycle !== undefined)).toEqual([])
  })

  test('the reader of imports sees what there is', () => {
    expect(importsOf('collector.ts')).toContain('http/device-server.ts')
    expect(importsOf('sinks/registry.ts')).toContain('sinks/file/sink.ts')
  })
})
