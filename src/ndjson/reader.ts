import { open, readFile, readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { hourOf } from './hour-file.ts'

/** The lines of one file that nobody appends to while they are looked at. */
export interface LineFile {
  readonly path: string
  readonly lines: readonly string[]
  /** Of a past hour: no appender will come back to it, so it may be rewritten. */
  readonly finished: boolean
}

/**
 * The NDJSON files below a directory, oldest first, one at a time. A torn last line, which was
 * never acknowledged, is left out.
 */
export async function* readLineFiles(
  directory: string,
  now = new Date(),
): AsyncGenerator<LineFile> {
  const names = await readdir(directory, { recursive: true, encoding: 'utf8' })
  const current = hourOf(now)
  for (const name of names.filter((name) => name.endsWith('.ndjson')).sort()) {
    const path = join(resolve(directory), name)
    const text = await readFile(path, 'utf8')
    const hour = /\d{4}\/\d{2}\/\d{2}\/\d{2}(?=\/[^/]*$)/.exec(path)?.[0]
    yield {
      path,
      lines: text.split('\n').slice(0, -1),
      finished: hour !== undefined && hour < current,
    }
  }
}

/** Replaces a finished file by what is left of it, at once and for good; nothing: removes it. */
export async function rewriteLineFile({ path }: LineFile, left: readonly string[]): Promise<void> {
  if (left.length === 0) {
    await rm(path)
    return
  }
  const next = `${path}.next`
  const handle = await open(next, 'w')
  try {
    await handle.writeFile(left.map((line) => line + '\n').join(''))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, path)
}
