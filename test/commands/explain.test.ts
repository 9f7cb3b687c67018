import { fileURLToPath } from 'node:url'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { runProgram } from '../program.ts'

const sample = (name: string) =>
  fileURLToPath(new URL(`../fixtures/samples/${name}`, import.meta.url))
const run = (...args: string[]) => runProgram(['explain', ...args], {}, tmpdir()).exited

test('says what a field engineer asks', async () => {
  const { code, stdout } = await run(
    sample('20-iopsys-csv-ppr-unescaped.csv'),
    '--header',
    'BBF-Report-Format: "ParameterPerRow"',
    '--target',
    '/c&oui=00256D&pc=Z&sn=Y',
  )
  expect(code).toBe(0)
  expect(stdout).toContain('Understood: 1 report(s)\n')
  expect(stdout).toContain('Format:  ParameterPerRow (CSV with')
  expect(stdout).toContain('Device:  00256D-Z-Y (oui from query')
  expect(stdout).toContain('Time 1:  1577876400 (seconds)\n')
  expect(stdout).toContain('"Device.WiFi.SSID.1.SSID":"Bob, Alice & Co"')
  expect(stdout).toContain('  format-header-quoted (A R-BULK.8): ')
  expect(stdout).toContain('  csv-unquoted-separator (RFC 4180 2.6): ')
})

test('what is not understood: why, and exit code 3', async () => {
  const { code, stdout } = await run(
    sample('93-enc-gzip-truncated.bin'),
    '--header',
    'Content-Encoding: gzip',
  )
  expect(code).toBe(3)
  expect(stdout).toMatch(/^Not understood: BDC_CODING_CORRUPT\n {2}the gzip body is damaged/)
  expect(stdout).toContain('\nDevice:  192.0.2.1 (key from address)\nProfile: none\n')
})

test('--json is one object', async () => {
  const { stdout } = await run(sample('15-obuspa-null-and-u64.json'), '--json')
  const { events, format } = JSON.parse(stdout) as { events: string[]; format: string }
  expect(format).toBe('NameValuePair')
  expect(events[0]).toContain('"Device.IP.Interface.1.Stats.BytesSent":18446744073709551615')
})

test.each([
  ['no file named', [], 64],
  ['no such file', ['/no/such/file'], 1],
  ['a header that is none', [sample('06-spec-uri-eid.json'), '--header', 'nonsense'], 64],
  ['an unknown option', ['--nonsense'], 64],
])('%s', async (_what, args, expected) => {
  const { code, stderr } = await run(...args)
  expect(code).toBe(expected)
  expect(stderr).toMatch(/^bdc: /)
  expect(stderr).not.toContain('    at ')
})

test('--help has examples', async () => {
  const { code, stdout } = await run('--help')
  expect(code).toBe(0)
  expect(stdout).toContain('Examples:\n  bdc explain body.csv')
})
