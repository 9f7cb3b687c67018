import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SinkError } from '../../../src/errors.ts'
import { FileSink } from '../../../src/sinks/file/sink.ts'
import { type TestDirectory, createTestDirectory } from '../../ndjson/directory.ts'
import { appendHalf, fileHandlePrototype } from '../../ndjson/file-handle.ts'
import { buildReports } from '../../report/build.ts'

const handles = await fileHandlePrototype()
const signal = new AbortController().signal

let directory: TestDirectory

beforeEach(async () => {
  directory = await createTestDirectory()
})

afterEach(async () => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  await directory[Symbol.asyncDispose]()
})

const createSink = (fileDir = directory.path) => new FileSink({ fileDir, fileRotateBytes: 2 ** 30 })

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

test('the files hold the payloads, byte for byte, by hour', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2025, 5, 30, 9, 8, 7, 6) })
  const sink = createSink()
  await sink.connect()
  const items = buildReports(3).map((report) => sink.encode(report))
  await sink.write({ partition: 0, items }, signal)
  expect(await directory.files()).toEqual([
    {
      path: `2025/06/30/09/0807006-${process.pid}.ndjson`,
      content: items.map(({ payload }) => payload).join(''),
    },
  ])
  await sink.close()
})

test('a full disk is worth another try, which then writes the batch once', async () => {
  const sink = createSink()
  await sink.connect()
  const batch = { partition: 0, items: buildReports(2).map((report) => sink.encode(report)) }
  vi.spyOn(handles, 'appendFile').mockImplementationOnce(appendHalf)
  const failure = await failureOf(sink.write(batch, signal))
  expect(failure).toBeInstanceOf(SinkError)
  expect(failure).toMatchObject({ verdict: 'retry', code: 'BDC_SINK_FILE_ENOSPC' })
  expect(await sink.write(batch, signal)).toEqual([])
  expect(await directory.content()).toBe(batch.items.map(({ payload }) => payload).join(''))
  await sink.close()
})

test('a directory that cannot be made fails connect() until it can', async () => {
  const path = join(directory.path, 'in-the-way')
  await writeFile(path, '')
  const sink = createSink(path)
  expect(await failureOf(sink.connect())).toMatchObject({
    name: 'SinkError',
    verdict: 'retry',
    code: expect.stringMatching(/^BDC_SINK_FILE_E[A-Z]+$/) as string,
  })
  await rm(path)
  await sink.connect()
  await sink.close()
})
