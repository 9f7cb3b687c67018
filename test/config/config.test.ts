import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { describeSettings, effectiveConfig, unknownNames } from '../../src/config/describe.ts'
import { ConfigError } from '../../src/errors.ts'

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ name }) => name)
    throw error
  }
  return []
}

describe('readConfig', () => {
  test('an empty environment gives the documented defaults', () => {
    const { http, queue, sink, sinkConfig } = readConfig({})
    expect(http).toMatchObject({ port: 8088, collectorPath: '/collector', ackDeadlineMs: 20_000 })
    expect(queue).toEqual({
      partitionCount: 8,
      partitionQueueLimit: 1_000,
      partitionQueueBytes: 16 * 2 ** 20,
    })
    expect(sink.sink).toBe('file')
    expect(sinkConfig).toEqual({ fileDir: './data/reports', fileRotateBytes: 256 * 2 ** 20 })
  })

  test('every fault is reported at once, with what is allowed', () => {
    const bad = { PORT: 'abc', SINK: 'nope', ACK_DEADLINE_MS: '-1', BODY_LIMIT_BYTES: '3 parsecs' }
    expect(faultsOf(bad)).toEqual(['PORT', 'ACK_DEADLINE_MS', 'BODY_LIMIT_BYTES', 'SINK'])
    expect(() => readConfig(bad)).toThrow(
      'PORT: "abc" is not allowed, expected a whole number, 0 to 65535',
    )
  })

  test('the settings of sinks that are not chosen are not looked at', () => {
    expect(faultsOf({ SINK: 'memory', FILE_ROTATE_BYTES: 'x' })).toEqual([])
    expect(faultsOf({ SINK: 'file', FILE_ROTATE_BYTES: 'x' })).toEqual(['FILE_ROTATE_BYTES'])
  })

  test('lingering past the acknowledgement deadline would make every answer late', () => {
    expect(faultsOf({ LINGER_MS: '20s' })).toEqual(['LINGER_MS'])
    expect(faultsOf({ LINGER_MS: '20s', ACK_DEADLINE_MS: '21s' })).toEqual([])
  })

  test('set but empty is unset', () => {
    expect(readConfig({ PORT: '', SINK: '' }).http.port).toBe(8088)
  })

  test.each([
    ['1048576', 1_048_576],
    ['64KiB', 65_536],
    ['64 kib', 65_536],
    ['1.5MB', 1_500_000],
    ['2GiB', 2 ** 31],
  ])('a size of %s', (BODY_LIMIT_BYTES, expected) => {
    expect(readConfig({ BODY_LIMIT_BYTES }).http.bodyLimitBytes).toBe(expected)
  })

  test.each([
    ['1500', 1_500],
    ['1.5s', 1_500],
    ['250ms', 250],
    ['5m', 300_000],
  ])('a duration of %s', (ACK_DEADLINE_MS, expected) => {
    expect(readConfig({ ACK_DEADLINE_MS }).http.ackDeadlineMs).toBe(expected)
  })

  test.each(['0', '301s', '5 bananas', '1e3', 'NaN', ''.padEnd(400, '9')])(
    'a duration of %s is refused',
    (ACK_DEADLINE_MS) => {
      expect(faultsOf({ ACK_DEADLINE_MS })).toEqual(['ACK_DEADLINE_MS'])
    },
  )

  test.each(['collector', '/a?b', '/a b'])('a path of %s is refused', (COLLECTOR_PATH) => {
    expect(faultsOf({ COLLECTOR_PATH })).toEqual(['COLLECTOR_PATH'])
  })

  test.each([
    ['/', '/'],
    ['/c/', '/c'],
  ])('the path %s is %s', (COLLECTOR_PATH, expected) => {
    expect(readConfig({ COLLECTOR_PATH }).http.collectorPath).toBe(expected)
  })
})

describe('describe', () => {
  test('every variable has a line of documentation and says what is allowed', () => {
    for (const { name, doc, allowed } of describeSettings()) {
      expect(doc, name).toMatch(/^[A-Z].*[^.]$/)
      expect(allowed, name).not.toBe('')
    }
  })

  test('the effective configuration reads back as the same configuration', () => {
    const env = { PORT: '9000', SINK: 'memory', LOG_LEVEL: 'warn' }
    const lines = effectiveConfig(env).split('\n')
    expect(lines).toContain('PORT=9000')
    expect(lines.some((line) => line.startsWith('FILE_DIR='))).toBe(false)
    const again = Object.fromEntries(
      lines.map((line): [string, string] => {
        const [name = '', value = ''] = line.split('=')
        return [name, value]
      }),
    )
    expect(readConfig(again)).toEqual(readConfig(env))
  })

  test('a misspelt name is found', () => {
    expect(unknownNames(['PORT', 'PARTITON_COUNT', 'MEMORY_KEEP_EVENTS'])).toEqual([
      'PARTITON_COUNT',
    ])
  })
})
