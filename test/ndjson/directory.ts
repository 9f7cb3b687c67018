import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

/** A directory of a test's own, removed when it is disposed of. */
export interface TestDirectory extends AsyncDisposable {
  readonly path: string
  /** The files below it and their contents, in the order of their names. */
  files(): Promise<{ path: string; content: string }[]>
  /** The contents of all files, in the order of their names. */
  content(): Promise<string>
  /** All lines in all files, in the order of their names. */
  lines(): Promise<string[]>
}

export async function createTestDirectory(): Promise<TestDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'bdc-'))
  const files = async () => {
    const found = await readdir(path, { recursive: true, withFileTypes: true })
    const paths = found.filter((entry) => entry.isFile()).map((f) => join(f.parentPath, f.name))
    return Promise.all(
      paths.toSorted().map(async (file) => ({
        path: relative(path, file),
        content: await readFile(file, 'utf8'),
      })),
    )
  }
  const content = async () => (await files()).map((file) => file.content).join('')
  return {
    path,
    files,
    content,
    lines: async () => (await content()).split('\n').slice(0, -1),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}
