import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Program, addressIn, runProgram } from './program.ts'

const freePorts = { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0' }

let directory: string
let programs: Program[]
const run = (args: readonly string[], env: Record<string, string> = {}) => {
  const program = runProgram(args, env, directory)
  programs.push(program)
  return program
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bdc-'))
  programs = []
})
afterEach(async () => {
  for (const { child } of programs) child.kill('SIGKILL')
  await Promise.all(programs.map(({ exited }) => exited))
  await rm(directory, { recursive: true, force: true })
})

describe('arguments', () => {
  test('--help names every command and variable', async () => {
    const { code, stdout } = await run(['--help']).exited
    expect(code).toBe(0)
    for (const word of ['start', 'check', 'explain', 'replay', 'PORT (8088)'])
      expect(stdout).toContain(word)
  })

  test('--version', async () => {
    expect((await run(['--version']).exited).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test.each([[['nonsense']], [['toString']], [['--nonsense']], [['start', 'twice']]])(
    '%j is refused',
    async (args) => {
      const { code, stderr } = await run(args).exited
      expect(code).toBe(64)
      expect(stderr).toMatch(/^bdc: .*; see bdc --help\n$/)
    },
  )
})

describe('configuration', () => {
  test('all faults at once on stderr, exit code 1', async () => {
    const { code, stdout, stderr } = await run(['start'], { PORT: 'abc', SINK: 'nope' }).exited
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain('PORT: "abc" is not allowed, expected a whole number, 0 to 65535')
    expect(stderr).toContain('SINK: "nope" is not allowed, expected one of file, memory')
  })

  test('config.env fills in, the environment wins, misspelt names are told', async () => {
    await writeFile(join(directory, 'config.env'), 'PORT=9001\nADMIN_PORT=9002\nPROT=1\n')
    const { code, stdout, stderr } = await run(['check'], { PORT: '9003' }).exited
    expect(code).toBe(0)
    expect(stdout).toContain('PORT=9003\n')
    expect(stdout).toContain('ADMIN_PORT=9002\n')
    expect(stderr).toContain('PROT')
    expect((await run(['start', '--check-config']).exited).stdout).toContain('PORT=9001\n')
  })

  test('a config.env that cannot be read is a fault', async () => {
    await mkdir(join(directory, 'config.env'))
    const { code, stderr } = await run(['check']).exited
    expect(code).toBe(1)
    expect(stderr).toContain('config.env: EISDIR')
  })

  test('a port in use is told, exit code 1', async () => {
    const first = run([], { ...freePorts, SINK: 'memory' })
    const { port } = new URL(addressIn(await first.logged('collector is ready'), 'device'))
    const second = run([], { ...freePorts, PORT: port, SINK: 'memory' })
    const { code, stdout } = await second.exited
    expect(code).toBe(1)
    expect(stdout).toContain('cannot start: listen EADDRINUSE')
  })
})

describe('the end', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends an idle collector cleanly', async (signal) => {
    const program = run([], freePorts)
    await program.logged('collector is ready')
    program.child.kill(signal)
    expect((await program.exited).code).toBe(0)
  })

  test('a signal while the sink does not connect ends it, too', async () => {
    await writeFile(join(directory, 'file'), '')
    const program = run([], { ...freePorts, FILE_DIR: './file/reports' })
    await program.logged('sink does not connect')
    program.child.kill('SIGTERM')
    expect((await program.exited).code).toBe(0)
  })
})
