import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A server under load: one child process. */
export interface Server extends AsyncDisposable {
  readonly pid: number
  readonly port: number
}

const sourceOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const startMs = 20_000
const stopMs = 10_000

/** The servers and their directories. */
const running = new Map<ChildProcess, string>()
process.once('exit', () => {
  for (const [child, directory] of running) {
    child.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
})

/** The bare server that the collector is compared with. */
export const startFloor = (): Promise<Server> => start([sourceOf('floor.ts')], {})

/**
 * The real collector with the memory sink, which encodes every event and then forgets it.
 * Malformed reports are refused, so that one that it does not understand cannot pass for success.
 * @param nodeOptions such as --cpu-prof
 */
export const startCollector = (nodeOptions: readonly string[]): Promise<Server> =>
  start([...nodeOptions, sourceOf('../src/main.ts'), 'start'], {
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    SINK: 'memory',
    MEMORY_KEEP_EVENTS: '0',
    ON_MALFORMED: 'reject',
    LOG_LEVEL: 'info',
  })

/** Runs in a directory of its own, where no config.env and no data of others are. */
async function start(args: readonly string[], env: Record<string, string>): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'bdc-bench-'))
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.set(child, directory)
  const exited = once(child, 'exit').finally(() => {
    running.delete(child)
    rmSync(directory, { recursive: true, force: true })
  })
  const stop = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
    child.kill('SIGTERM')
    await exited
    clearTimeout(timer)
  }
  try {
    const port = await readyPort(child)
    return { pid: child.pid ?? 0, port, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface LogLine {
  readonly level?: number
  readonly msg?: string
  readonly device?: { readonly port: number }
}

const warn = 40

/** What is not JSON was not written by the logger: all of it is shown. */
function readLogLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine
  } catch {
    return { level: warn }
  }
}

/** Reads the log up to the line that tells the port; warnings and errors are shown on stderr. */
function readyPort({ stdout }: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    if (stdout === null) throw new Error('the server has no stdout')
    const timer = setTimeout(() => {
      reject(new Error(`a server was not ready in ${startMs} ms`))
    }, startMs)
    const lines = createInterface({ input: stdout })
    lines.on('line', (line) => {
      const { level = 0, msg, device } = readLogLine(line)
      if (device !== undefined && msg?.endsWith('is ready') === true) {
        clearTimeout(timer)
        resolve(device.port)
      } else if (level >= warn) process.stderr.write(line + '\n')
    })
    lines.once('close', () => {
      clearTimeout(timer)
      reject(new Error('a server ended before it was ready'))
    })
  })
}
