import { describe, expect, test } from 'vitest'
import { SinkError } from '../../src/errors.ts'
import { actionFor, backoffMs, rejectAll } from '../../src/produce/retry.ts'

describe('actionFor', () => {
  test.each([
    ['retry', 1, 'write-again'],
    ['retry', 100, 'write-again'],
    ['fatal', 1, 'write-again'],
    ['fatal', 100, 'write-again'],
    ['drop', 1, 'dead-letter'],
    ['drop', 100, 'dead-letter'],
    ['split', 2, 'write-in-halves'],
    ['split', 100, 'write-in-halves'],
    ['split', 1, 'dead-letter'],
  ] as const)('%s in a batch of %i: %s', (verdict, batchReports, action) => {
    expect(actionFor({ verdict }, batchReports)).toBe(action)
  })
})

describe('rejectAll', () => {
  test('is a rejection of each report, in the words of the sink', () => {
    const error = new SinkError('split', 'BDC_SINK_LARGE', 'too large')
    const rejection = { verdict: 'split', code: 'BDC_SINK_LARGE', message: 'too large' }
    expect(rejectAll(error, 3)).toEqual([
      { index: 0, ...rejection },
      { index: 1, ...rejection },
      { index: 2, ...rejection },
    ])
  })

  test.each([[new TypeError('x is undefined')], ['a text'], [undefined]])(
    'takes %o, which no sink should throw, for something that may pass',
    (error) => {
      expect(rejectAll(error, 1)).toEqual([
        { index: 0, verdict: 'retry', code: 'BDC_SINK_UNEXPECTED', message: String(error) },
      ])
    },
  )
})

describe('backoffMs', () => {
  const limits = { retryMinMs: 100, retryMaxMs: 10_000 }

  test('doubles from the least wait to the longest', () => {
    const waits = [1, 2, 3, 7, 8, 9, 1_000_000].map((attempt) => backoffMs(attempt, limits, 1))
    expect(waits).toEqual([100, 200, 400, 6_400, 10_000, 10_000, 10_000])
  })

  test('is jittered between half of a step and all of it', () => {
    expect([0, 0.5, 1].map((random) => backoffMs(3, limits, random))).toEqual([200, 300, 400])
    const drawn = Array.from({ length: 200 }, () => backoffMs(3, limits))
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(200)
    expect(Math.max(...drawn)).toBeLessThanOrEqual(400)
    expect(new Set(drawn).size).toBeGreaterThan(10)
  })

  test('never is no wait at all, and never more than the longest', () => {
    expect(backoffMs(1, { retryMinMs: 1, retryMaxMs: 1 }, 0)).toBe(1)
    expect(backoffMs(1, { retryMinMs: 500, retryMaxMs: 20 }, 1)).toBe(20)
  })
})
