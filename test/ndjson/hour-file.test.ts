import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { createHourFile } from '../../src/ndjson/hour-file.ts'
import { createTestDirectory } from './directory.ts'
import { fileHandlePrototype } from './file-handle.ts'

const handles = await fileHandlePrototype()
const descriptors = '/proc/self/fd'

afterEach(() => {
  vi.restoreAllMocks()
})

const target = (descriptor: string) => {
  try {
    return readlinkSync(join(descriptors, descriptor))
  } catch {
    return ''
  }
}
const openBelow = (path: string) =>
  readdirSync(descriptors)
    .map(target)
    .filter((open) => open.startsWith(path))

test.runIf(existsSync(descriptors))(
  'closes what it opened when the directory cannot be synced',
  async () => {
    await using directory = await createTestDirectory()
    const file = await createHourFile(directory.path)
    expect(openBelow(directory.path)).toEqual([file.path])
    await file.handle.close()
    vi.spyOn(handles, 'sync').mockRejectedValue(new Error('EIO'))
    await expect(createHourFile(directory.path)).rejects.toThrow('EIO')
    expect(openBelow(directory.path)).toEqual([])
  },
)
