import { type FileHandle, open } from 'node:fs/promises'

/** What all open files inherit from: where a test can count calls and make them fail. */
export async function fileHandlePrototype(): Promise<FileHandle> {
  await using handle = await open('.', 'r')
  return Object.getPrototypeOf(handle) as FileHandle
}

export const diskFull = () =>
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })

/** A replacement of appendFile for a disk that fills up halfway. */
export async function appendHalf(
  this: FileHandle,
  data: Parameters<FileHandle['appendFile']>[0],
): Promise<never> {
  const bytes = Buffer.from(data as Uint8Array)
  await this.write(bytes.subarray(0, Math.ceil(bytes.length / 2)))
  throw diskFull()
}
