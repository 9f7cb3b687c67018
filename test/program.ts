import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'

/** The program as an operator starts it: a process of its own. */
export interface Program {
  readonly child: ChildProcess
  readonly exited: Promise<{ code: number | null; stdout: string; stderr: string }>
  /** The first JSON log line whose message begins so. */
  logged(message: string): Promise<Record<string, unknown>>
}

const main = resolve(import.meta.dirname, '../src/main.ts')

export function runProgram(
  args: readonly string[],
  env: Record<string, string>,
  directory: string,
): Program {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const look = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const again of look) again()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const exited = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (code) => {
      resolve({ code, stdout, stderr })
    }),
  )
  return {
    child,
    exited,
    logged: (message) =>
      new Promise((resolve, reject) => {
        const again = () => {
          const line = stdout.split('\n').find((line) => line.includes(`"msg":"${message}`))
          if (line === undefined) return
          look.delete(again)
          resolve(JSON.parse(line) as Record<string, unknown>)
        }
        look.add(again)
        again()
        void exited.then(({ stderr }) => {
          reject(new Error(`ended without saying "${message}": ${stdout}${stderr}`))
        })
      }),
  }
}

/** The address that the program said it listens on. */
export function addressIn(line: Record<string, unknown>, port: 'device' | 'admin'): string {
  const address = line[port] as { address: string; port: number }
  return `http://127.0.0.1:${address.port}`
}
