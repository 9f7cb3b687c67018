import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { runCollector } from '../running-collector.ts'

const promtool = spawnSync('promtool', ['--version']).error === undefined
if (!promtool && process.env['CI'] === 'true') throw new Error('promtool is missing')
if (!promtool) console.warn('SKIPPED: promtool is not installed, the metrics page is not linted')

test.runIf(promtool)('promtool has no complaint about the metrics page', async () => {
  await using running = await runCollector()
  for (const body of ['{"Report":[{"a":1}]}', 'hello', ''])
    await fetch(`${running.url}/collector?sn=1`, { method: 'POST', body })
  const response = await fetch(`${running.adminUrl}/metrics`)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: await response.text(),
    encoding: 'utf8',
  })
  expect(stdout + stderr).toBe('')
  expect(status).toBe(0)
})
