import autocannon from 'autocannon'
import { mkdtemp, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Program, addressIn, runProgram } from './program.ts'
import { readLines } from './running-collector.ts'

const env = { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0' }

let directory: string
let program: Program

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bdc-'))
})
afterEach(async () => {
  program.child.kill('SIGKILL')
  await program.exited
  await rm(directory, { recursive: true, force: true })
})

interface Sent {
  serial?: number
}

test('SIGTERM under load: what was answered 200 is in the files exactly once, none hang', async () => {
  program = runProgram([], env, directory)
  const url = addressIn(await program.logged('collector is ready'), 'device')
  const amount = 20_000
  let serial = 0
  const statuses = new Map<number, number>()
  const finished = Promise.withResolvers<autocannon.Result>()
  const load = autocannon(
    {
      url,
      connections: 100,
      amount,
      timeout: 10,
      requests: [
        {
          method: 'POST',
          setupRequest: (request, context: Sent) => {
            context.serial = serial += 1
            return {
              ...request,
              path: `/collector?oui=00256D&pc=Z&sn=${context.serial % 500}`,
              body: `{"Report":[{"CollectionTime":1364529149,"Serial":${context.serial}}]}`,
            }
          },
          onResponse: (status, _body, context: Sent) => {
            statuses.set(context.serial ?? 0, status)
            if (statuses.size === amount / 4) program.child.kill('SIGTERM')
          },
        },
      ],
    },
    (_error: unknown, result) => {
      finished.resolve(result)
    },
  )
  const { code, stdout } = await program.exited
  load.stop()
  const { timeouts } = await finished.promise

  expect(code, stdout).toBe(0)
  expect(stdout).toContain('everything admitted was delivered')
  expect(timeouts).toBe(0)
  expect(statuses.size).toBeLessThan(amount)
  const acknowledged = Array.from(statuses).filter(([, status]) => status === 200)
  expect(acknowledged.length).toBeGreaterThanOrEqual(amount / 4)

  const events = await readLines(join(directory, 'data/reports'))
  const delivered = events.map(({ Parameters }) => (Parameters as { Serial: number }).Serial)
  expect(new Set(delivered).size).toBe(delivered.length)
  const found = new Set(delivered)
  expect(acknowledged.filter(([serial]) => !found.has(serial))).toEqual([])
  expect(Array.from(statuses.values()).every((status) => status === 200 || status === 503)).toBe(
    true,
  )
})

/** A request whose body never comes; the server has seen its headers. */
async function halfOpenRequest(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('POST /collector HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n')
  socket.write('Expect: 100-continue\r\n\r\n{')
  await once(socket, 'data')
  return socket
}

test('a half-open request is given up at the deadline', async () => {
  program = runProgram([], { ...env, SHUTDOWN_DEADLINE_MS: '300' }, directory)
  const { port } = new URL(addressIn(await program.logged('collector is ready'), 'device'))
  const socket = await halfOpenRequest(Number(port))
  program.child.kill('SIGTERM')
  expect((await program.exited).code).toBe(0)
  socket.destroy()
})

test('a second signal ends at once', async () => {
  program = runProgram([], env, directory)
  const { port } = new URL(addressIn(await program.logged('collector is ready'), 'device'))
  const socket = await halfOpenRequest(Number(port))
  program.child.kill('SIGTERM')
  await program.logged('shutting down')
  program.child.kill('SIGTERM')
  expect((await program.exited).code).toBe(130)
  socket.destroy()
})
