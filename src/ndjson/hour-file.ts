import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** A file opened for appending, and how much of it is known to be on disk. */
export interface HourFile {
  readonly handle: FileHandle
  readonly path: string
  /** YYYY/MM/DD/HH of its directory. */
  readonly hour: string
  committedBytes: number
}

/** YYYY/MM/DD/HH in UTC. */
export const hourOf = (date: Date) => date.toISOString().slice(0, 13).replace(/[-T]/g, '/')

/**
 * Creates `DIR/YYYY/MM/DD/HH/MMSSmmm-PID[-N].ndjson`, a name that no other process or start
 * has, and makes the directory entries as durable as the lines will be.
 */
export async function createHourFile(directory: string, now = new Date()): Promise<HourFile> {
  const hour = hourOf(now)
  const parent = join(resolve(directory), hour)
  const firstMade = await mkdir(parent, { recursive: true })
  const stem = `${now.toISOString().slice(14, 23).replace(/[:.]/g, '')}-${process.pid}`
  for (let attempt = 0; ; attempt += 1) {
    const path = join(parent, `${stem}${attempt === 0 ? '' : `-${attempt}`}.ndjson`)
    try {
      const handle = await open(path, 'wx')
      try {
        await syncDirectories(parent, firstMade === undefined ? parent : dirname(firstMade))
      } catch (error) {
        await handle.close()
        throw error
      }
      return { handle, path, hour, committedBytes: 0 }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** fsyncs a directory and those above it, up to and including the topmost one. */
async function syncDirectories(directory: string, topmost: string): Promise<void> {
  for (let current = directory; ; current = dirname(current)) {
    const handle = await open(current, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (current === topmost || current === dirname(current)) return
  }
}
