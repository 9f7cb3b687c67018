import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { SinkError } from '../../src/errors.ts'
import { connectSink } from '../../src/produce/connect.ts'
import { SinkHealth } from '../../src/produce/sink-health.ts'
import { ScriptedSink } from '../sinks/scripted.ts'
import { hasty } from './context.ts'

const logger = pino({ level: 'silent' })
const never = new AbortController().signal

test("returns the destination's partitions and is healthy", async () => {
  const sink = new ScriptedSink()
  const health = new SinkHealth()
  vi.spyOn(sink, 'connect').mockResolvedValue(['a', 'b'])
  expect(await connectSink(sink, health, hasty, logger, never)).toEqual(['a', 'b'])
  expect(health.problem()).toBeUndefined()
})

test('tries again until it works, whatever was thrown, and says meanwhile what is wrong', async () => {
  const sink = new ScriptedSink()
  const health = new SinkHealth()
  const problems: unknown[] = []
  const connect = vi.spyOn(sink, 'connect').mockImplementation(() => {
    problems.push(health.problem()?.code)
    switch (problems.length) {
      case 1:
        return Promise.reject(new SinkError('retry', 'BDC_SINK_REFUSED', 'refused'))
      case 2:
        return Promise.reject(new SinkError('fatal', 'BDC_SINK_AUTH', 'wrong key'))
      case 3:
        throw new TypeError('x is undefined')
      default:
        return Promise.resolve(undefined)
    }
  })
  expect(await connectSink(sink, health, hasty, logger, never)).toBeUndefined()
  expect(connect).toHaveBeenCalledTimes(4)
  expect(problems).toEqual([
    'BDC_SINK_CONNECTING',
    'BDC_SINK_REFUSED',
    'BDC_SINK_AUTH',
    'BDC_SINK_CONNECT',
  ])
  expect(health.problem()).toBeUndefined()
})

test("ends with the signal's reason while it waits", async () => {
  const sink = new ScriptedSink()
  const abort = new AbortController()
  const reason = new Error('closed while starting')
  const connect = vi
    .spyOn(sink, 'connect')
    .mockRejectedValue(new SinkError('retry', 'BDC_SINK_REFUSED', 'refused'))
  const patient = { ...hasty, retryMinMs: 3_600_000, retryMaxMs: 3_600_000 }
  const connecting = connectSink(sink, new SinkHealth(), patient, logger, abort.signal)
  const ended = expect(connecting).rejects.toBe(reason)
  await vi.waitFor(() => {
    expect(connect).toHaveBeenCalledOnce()
  })
  abort.abort(reason)
  await ended
  expect(connect).toHaveBeenCalledOnce()
})

test("ends with the signal's reason when connect() fails because of it", async () => {
  const sink = new ScriptedSink()
  const abort = new AbortController()
  const reason = new Error('closed while starting')
  vi.spyOn(sink, 'connect').mockImplementation((signal) => {
    const failed = Promise.withResolvers<undefined>()
    signal.addEventListener('abort', () => {
      failed.reject(new SinkError('retry', 'BDC_SINK_ABORTED', 'aborted'))
    })
    return failed.promise
  })
  const connecting = connectSink(sink, new SinkHealth(), hasty, logger, abort.signal)
  abort.abort(reason)
  await expect(connecting).rejects.toBe(reason)
})

test('does not even begin for a signal that was aborted before', async () => {
  const sink = new ScriptedSink()
  const connect = vi.spyOn(sink, 'connect')
  const reason = new Error('closed before')
  await expect(
    connectSink(sink, new SinkHealth(), hasty, logger, AbortSignal.abort(reason)),
  ).rejects.toBe(reason)
  expect(connect).not.toHaveBeenCalled()
})
