import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type HourFile, createHourFile, hourOf } from './hour-file.ts'

export interface AppenderOptions {
  readonly directory: string
  /** Size at which a new file is begun. */
  readonly rotateBytes: number
  /** All files below the directory together; undefined: no limit. */
  readonly limitBytes?: number
}

interface Waiting {
  readonly lines: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  /** Called when they can no longer be taken back. */
  readonly stopListening: () => void
}

/** The most that one write and one fsync carry. */
const groupBytes = 8 * 2 ** 20

/** Thrown by append() where the directory's limit leaves no room. */
export class DirectoryFullError extends Error {
  override readonly name = 'DirectoryFullError'
}

/**
 * Appends lines to hourly NDJSON files and answers when they are on disk.
 *
 * Group commit: while one write and fsync are under way, further appends gather; the next
 * write and fsync carry all of them. A failed group leaves no torn line behind: the file is cut
 * back to what was committed before and never written again, since after a failed fsync nobody
 * knows which of its pages are on disk.
 */
export class Appender {
  readonly #options: AppenderOptions
  #waiting: Waiting[] = []
  #committing: Promise<void> | undefined
  #file: HourFile | undefined
  #usedBytes: number | undefined
  #closed = false

  constructor(options: AppenderOptions) {
    this.#options = options
  }

  /** Opens the first file: fails where the directory cannot be written. */
  async open(): Promise<void> {
    await this.#currentFile()
  }

  /**
   * Resolves when the lines are on disk.
   * @param lines whole lines, each ended by a newline
   * @param signal takes the lines back, unless their group is being written
   * @throws DirectoryFullError; errors of the file system; the signal's reason
   */
  append(lines: string, signal?: AbortSignal): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the appender is closed'))
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    return new Promise((resolve, reject) => {
      const takeBack = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        reject(signal?.reason as Error)
      }
      const stopListening = () => signal?.removeEventListener('abort', takeBack)
      const waiting = { lines, resolve, reject, stopListening }
      this.#waiting.push(waiting)
      signal?.addEventListener('abort', takeBack, { once: true })
      this.#committing ??= this.#commitAll()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#committing
    const file = this.#file
    this.#file = undefined
    await file?.handle.close()
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup()
      for (const { stopListening } of group) stopListening()
      try {
        await this.#commit(Buffer.from(group.map(({ lines }) => lines).join('')))
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    // In the same turn as the last look at #waiting: whoever appends next starts a new round.
    this.#committing = undefined
  }

  #nextGroup(): Waiting[] {
    let size = 0
    const end = this.#waiting.findIndex(({ lines }, index) => {
      size += lines.length
      return index > 0 && size > groupBytes
    })
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end)
  }

  async #commit(data: Buffer): Promise<void> {
    const { limitBytes } = this.#options
    if (limitBytes !== undefined) {
      this.#usedBytes ??= await directoryBytes(this.#options.directory)
      if (this.#usedBytes + data.length > limitBytes) {
        const usedBytes = this.#usedBytes
        // Counted anew next time: an operator may have made room.
        this.#usedBytes = undefined
        throw new DirectoryFullError(
          `${this.#options.directory} holds ${usedBytes} of at most ${limitBytes} bytes`,
        )
      }
    }
    const file = await this.#currentFile()
    try {
      await file.handle.appendFile(data)
      await file.handle.datasync()
      if ((await file.handle.stat()).nlink === 0)
        throw new Error(`${file.path} was removed while it was written`)
    } catch (error) {
      this.#file = undefined
      await abandon(file)
      throw error
    }
    file.committedBytes += data.length
    if (this.#usedBytes !== undefined) this.#usedBytes += data.length
  }

  async #currentFile(): Promise<HourFile> {
    const { directory, rotateBytes } = this.#options
    const now = new Date()
    if (this.#file?.hour === hourOf(now) && this.#file.committedBytes < rotateBytes)
      return this.#file
    const previous = this.#file
    this.#file = await createHourFile(directory, now)
    await previous?.handle.close()
    return this.#file
  }
}

/** The disk is in trouble already: what also fails here changes nothing. */
async function abandon(file: HourFile): Promise<void> {
  await file.handle.truncate(file.committedBytes).catch(() => undefined)
  await file.handle.close().catch(() => undefined)
  if (file.committedBytes === 0) await rm(file.path).catch(() => undefined)
}

async function directoryBytes(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => stat(join(entry.parentPath, entry.name)).then(({ size }) => size)),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
