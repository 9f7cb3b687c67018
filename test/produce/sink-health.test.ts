import { expect, test } from 'vitest'
import { type SinkFailure, SinkHealth } from '../../src/produce/sink-health.ts'

const failure: SinkFailure = { code: 'BDC_SINK_TEST', message: 'refused', verdict: 'retry' }
const other: SinkFailure = { code: 'BDC_SINK_OTHER', message: 'reset', verdict: 'retry' }
const fatal: SinkFailure = { code: 'BDC_SINK_AUTH', message: 'who are you', verdict: 'fatal' }

function createConnected(): SinkHealth {
  const health = new SinkHealth()
  health.connected()
  return health
}

test('is down from the start until connected', () => {
  const health = new SinkHealth()
  expect(health.problem()).toMatchObject({ code: 'BDC_SINK_CONNECTING' })
  health.connected()
  expect(health.problem()).toBeUndefined()
})

test('says at once why it does not connect, and forgets it when it does', () => {
  const health = new SinkHealth()
  health.failed(failure, 1_000)
  expect(health.problem(1_000)).toMatchObject(failure)
  health.connected()
  expect(health.problem(100_000)).toBeUndefined()
})

test('a hiccup is no problem, exactly until it lasts five seconds', () => {
  const health = createConnected()
  health.failed(failure, 1_000)
  expect(health.problem(1_000)).toBeUndefined()
  expect(health.problem(5_999)).toBeUndefined()
  expect(health.problem(6_000)).toMatchObject(failure)
})

test('further failures do not begin the five seconds anew; the newest is told', () => {
  const health = createConnected()
  health.failed(failure, 1_000)
  health.failed(other, 5_900)
  expect(health.problem(5_999)).toBeUndefined()
  expect(health.problem(6_000)).toMatchObject(other)
})

test('an acknowledgement ends it, and the next failure is a new hiccup', () => {
  const health = createConnected()
  health.failed(failure, 1_000)
  health.acknowledged()
  expect(health.problem(10_000)).toBeUndefined()
  health.failed(failure, 10_000)
  expect(health.problem(14_999)).toBeUndefined()
  expect(health.problem(15_000)).toMatchObject(failure)
})

test('a fatal failure is a problem at once', () => {
  const health = createConnected()
  health.failed(fatal, 1_000)
  expect(health.problem(1_000)).toMatchObject(fatal)
  health.acknowledged()
  expect(health.problem(1_000)).toBeUndefined()
})
