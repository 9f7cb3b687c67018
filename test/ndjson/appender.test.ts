import { getEventListeners } from 'node:events'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Appender, type AppenderOptions, DirectoryFullError } from '../../src/ndjson/appender.ts'
import { type TestDirectory, createTestDirectory } from './directory.ts'
import { appendHalf, diskFull, fileHandlePrototype } from './file-handle.ts'

const handles = await fileHandlePrototype()
const unlimited = 2 ** 40

let directory: TestDirectory
const opened: Appender[] = []

beforeEach(async () => {
  directory = await createTestDirectory()
})

afterEach(async () => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  await Promise.all(opened.splice(0).map((appender) => appender.close()))
  await directory[Symbol.asyncDispose]()
})

function createAppender(options: Partial<AppenderOptions> = {}): Appender {
  const appender = new Appender({ directory: directory.path, rotateBytes: unlimited, ...options })
  opened.push(appender)
  return appender
}

const contents = async () => (await directory.files()).map(({ content }) => content)

/** Holds every datasync back until it is released; counts the calls. */
function holdDatasync() {
  const gate = Promise.withResolvers<undefined>()
  const spy = vi.spyOn(handles, 'datasync').mockImplementation(async function (
    this: typeof handles,
  ) {
    await gate.promise
    await this.sync()
  })
  const begun = () =>
    vi.waitFor(
      () => {
        expect(spy).toHaveBeenCalled()
      },
      { interval: 1 },
    )
  return {
    spy,
    begun,
    release: () => {
      gate.resolve(undefined)
    },
  }
}

describe('append', () => {
  test('answers when the lines are in the file and synced', async () => {
    const events: string[] = []
    const { spy, begun, release } = holdDatasync()
    const appended = createAppender()
      .append('{"a":1}\n{"b":2}\n')
      .then(() => events.push('answered'))
    await begun()
    expect(await directory.content()).toBe('{"a":1}\n{"b":2}\n')
    expect(events).toEqual([])
    release()
    await appended
    expect(spy).toHaveBeenCalledOnce()
  })

  test('again and again, each as soon as the one before is answered', async () => {
    const appender = createAppender()
    for (let line = 1; line <= 5; line += 1) await appender.append(`${line}\n`)
    expect(await contents()).toEqual(['1\n2\n3\n4\n5\n'])
  })

  test('writes UTF-8 and counts its bytes', async () => {
    const appender = createAppender({ limitBytes: 7 })
    await appender.append('é東\n')
    await expect(appender.append('é')).rejects.toThrow('holds 6 of at most 7 bytes')
    expect(await directory.content()).toBe('é東\n')
  })
})

describe('group commit', () => {
  test('what gathers during one fsync shares the next, in the order of arrival', async () => {
    const appender = createAppender()
    const { spy, begun, release } = holdDatasync()
    const first = appender.append('0\n')
    await begun()
    const gathered = Array.from({ length: 500 }, (_, index) => appender.append(`${index + 1}\n`))
    release()
    await Promise.all([first, ...gathered])
    expect(spy).toHaveBeenCalledTimes(2)
    expect(await directory.lines()).toEqual(Array.from({ length: 501 }, (_, i) => String(i)))
  })

  test('one group carries 8 MiB at most, unless one append alone is larger', async () => {
    const appender = createAppender()
    const { spy, begun, release } = holdDatasync()
    const line = (mebibytes: number) => 'x'.repeat(mebibytes * 2 ** 20 - 1) + '\n'
    const first = appender.append('0\n')
    await begun()
    const gathered = [3, 5, 9, 1, 1].map((size) => appender.append(line(size)))
    release()
    await Promise.all([first, ...gathered])
    expect(spy).toHaveBeenCalledTimes(4)
    const [, ...lengths] = (await directory.lines()).map(({ length }) => length + 1)
    expect(lengths.map((length) => length / 2 ** 20)).toEqual([3, 5, 9, 1, 1])
  })
})

describe('rotation', () => {
  test('by size: a file that has reached it is not written again', async () => {
    const appender = createAppender({ rotateBytes: 10 })
    await appender.append('1234567\n')
    await appender.append('x\n')
    await appender.append('y\n')
    expect(await contents()).toEqual(['1234567\nx\n', 'y\n'])
  })

  test('by size: a file one byte below it is', async () => {
    const appender = createAppender({ rotateBytes: 11 })
    for (const line of ['1234567\n', 'x\n', 'y\n', 'z\n']) await appender.append(line)
    expect(await contents()).toEqual(['1234567\nx\ny\n', 'z\n'])
  })

  test('by hour, in UTC', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2024, 11, 31, 23, 59, 59, 999) })
    const appender = createAppender()
    await appender.append('old\n')
    await appender.append('year\n')
    vi.setSystemTime(Date.UTC(2025, 0, 1))
    await appender.append('new\n')
    expect(await directory.files()).toEqual([
      { path: `2024/12/31/23/5959999-${process.pid}.ndjson`, content: 'old\nyear\n' },
      { path: `2025/01/01/00/0000000-${process.pid}.ndjson`, content: 'new\n' },
    ])
  })

  test('closes the file before', async () => {
    const synced = vi.spyOn(handles, 'datasync').mock.contexts as (typeof handles)[]
    const appender = createAppender({ rotateBytes: 1 })
    await appender.append('a\n')
    await appender.append('b\n')
    expect(synced.map(({ fd }) => fd === -1)).toEqual([true, false])
    await appender.close()
    expect(synced.map(({ fd }) => fd === -1)).toEqual([true, true])
  })
})

describe("the directory's limit", () => {
  test('is exact at its edge', async () => {
    const appender = createAppender({ limitBytes: 20 })
    await appender.append('12345678901\n')
    await expect(appender.append('12345678\n')).rejects.toBeInstanceOf(DirectoryFullError)
    await appender.append('1234567\n')
    await expect(appender.append('\n')).rejects.toThrow('holds 20 of at most 20 bytes')
    expect(await directory.content()).toBe('12345678901\n1234567\n')
  })

  test('counts what earlier starts left', async () => {
    await createAppender().append('1234567\n')
    const appender = createAppender({ limitBytes: 10 })
    await appender.open()
    await expect(appender.append('ab\n')).rejects.toBeInstanceOf(DirectoryFullError)
    await appender.append('a\n')
    expect((await directory.lines()).toSorted()).toEqual(['1234567', 'a'])
  })

  test('counts files that were removed no longer', async () => {
    const appender = createAppender({ limitBytes: 10, rotateBytes: 1 })
    await appender.append('123456789\n')
    await expect(appender.append('a\n')).rejects.toBeInstanceOf(DirectoryFullError)
    const [file] = await directory.files()
    await rm(join(directory.path, file?.path ?? ''))
    await appender.append('123456789\n')
    await expect(appender.append('a\n')).rejects.toBeInstanceOf(DirectoryFullError)
    expect(await directory.content()).toBe('123456789\n')
  })

  test('does not count what failed to be written', async () => {
    const appender = createAppender({ limitBytes: 10 })
    vi.spyOn(handles, 'appendFile').mockImplementationOnce(appendHalf)
    await expect(appender.append('123456789\n')).rejects.toThrow('ENOSPC')
    await appender.append('123456789\n')
    expect(await directory.content()).toBe('123456789\n')
  })
})

describe('taking back by signal', () => {
  test('what waits is not written', async () => {
    const appender = createAppender()
    const { begun, release } = holdDatasync()
    const abort = new AbortController()
    const first = appender.append('first\n')
    await begun()
    const second = appender.append('second\n', abort.signal)
    const third = appender.append('third\n')
    const reason = new Error('no longer needed')
    abort.abort(reason)
    await expect(second).rejects.toBe(reason)
    release()
    await Promise.all([first, third])
    expect(await directory.content()).toBe('first\nthird\n')
  })

  test('leaves no listener on a signal that outlives the append', async () => {
    const { signal } = new AbortController()
    const appender = createAppender()
    await Promise.all([appender.append('a\n', signal), appender.append('b\n', signal)])
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('what is being written stays and is answered', async () => {
    const appender = createAppender()
    const { begun, release } = holdDatasync()
    const abort = new AbortController()
    const appended = appender.append('under way\n', abort.signal)
    await begun()
    abort.abort()
    release()
    await appended
    expect(await directory.content()).toBe('under way\n')
  })

  test('nothing is written for a signal that was aborted before', async () => {
    const appender = createAppender()
    await expect(appender.append('late\n', AbortSignal.abort())).rejects.toThrow('aborted')
    await appender.append('next\n')
    expect(await directory.content()).toBe('next\n')
  })
})

describe('a failed write', () => {
  test('leaves no torn line, and what comes later goes to a new file', async () => {
    const appender = createAppender()
    await appender.append('before\n')
    const append = vi.spyOn(handles, 'appendFile').mockImplementationOnce(appendHalf)
    await expect(appender.append('a line that does not fit\n')).rejects.toMatchObject({
      code: 'ENOSPC',
    })
    expect(append).toHaveBeenCalledOnce()
    expect(await contents()).toEqual(['before\n'])
    await appender.append('after\n')
    expect((await contents()).toSorted()).toEqual(['after\n', 'before\n'])
  })

  test('fails each append of its group and none of the next', async () => {
    const appender = createAppender()
    const { begun, release } = holdDatasync()
    const first = appender.append('first\n')
    await begun()
    vi.spyOn(handles, 'appendFile').mockImplementationOnce(appendHalf)
    const group = Promise.allSettled([appender.append('2\n'), appender.append('3\n')])
    release()
    await first
    expect((await group).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await appender.append('4\n')
    expect((await directory.lines()).toSorted()).toEqual(['4', 'first'])
  })

  test('a failed fsync takes its lines out again and gives the file up', async () => {
    const appender = createAppender()
    await appender.append('before\n')
    vi.spyOn(handles, 'datasync').mockRejectedValueOnce(diskFull())
    await expect(appender.append('unsynced\n')).rejects.toThrow('ENOSPC')
    await appender.append('after\n')
    expect((await contents()).toSorted()).toEqual(['after\n', 'before\n'])
  })
})

describe('a directory that cannot be written', () => {
  test('fails open() and append() until it can', async () => {
    const path = join(directory.path, 'in-the-way')
    await writeFile(path, '')
    const appender = createAppender({ directory: path })
    await expect(appender.open()).rejects.toMatchObject({ syscall: 'mkdir' })
    await expect(appender.append('a\n')).rejects.toMatchObject({ syscall: 'mkdir' })
    await rm(path)
    await appender.append('b\n')
    expect(await directory.content()).toBe('b\n')
  })

  test.skipIf(process.getuid?.() === 0)('because it is read-only', async () => {
    await chmod(directory.path, 0o555)
    const appender = createAppender()
    await expect(appender.open()).rejects.toMatchObject({ code: 'EACCES' })
    await expect(appender.append('a\n')).rejects.toMatchObject({ code: 'EACCES' })
    await chmod(directory.path, 0o755)
    await appender.append('b\n')
    expect(await directory.content()).toBe('b\n')
  })
})

describe('close', () => {
  test('waits for what was appended and refuses what comes later', async () => {
    const appender = createAppender()
    const { begun, release } = holdDatasync()
    const appended = [appender.append('1\n'), appender.append('2\n')]
    await begun()
    const closed = appender.close()
    await expect(appender.append('3\n')).rejects.toThrow('closed')
    release()
    await Promise.all([...appended, closed])
    expect(await directory.content()).toBe('1\n2\n')
  })

  test('is idempotent and legal before open', async () => {
    const appender = createAppender()
    await appender.close()
    await Promise.all([appender.close(), appender.close()])
    expect(await directory.files()).toEqual([])
  })
})

test('two appenders on one directory in the same millisecond do not meet', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2025, 0, 1) })
  const [one, other] = [createAppender(), createAppender()]
  await Promise.all([one.append('one 1\n'), other.append('other 1\n')])
  await Promise.all([one.append('one 2\n'), other.append('other 2\n')])
  expect((await contents()).toSorted()).toEqual(['one 1\none 2\n', 'other 1\nother 2\n'])
  expect((await directory.files()).map(({ path }) => path)).toEqual([
    `2025/01/01/00/0000000-${process.pid}-1.ndjson`,
    `2025/01/01/00/0000000-${process.pid}.ndjson`,
  ])
})
