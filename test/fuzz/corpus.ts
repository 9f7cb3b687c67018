import { readFileSync, readdirSync } from 'node:fs'
import type { Upload } from '../../src/report/transfer.ts'
import { parseHttpMessage } from '../fixtures/http-message.ts'
import { buildUpload } from '../report/build-upload.ts'

const fixtures = new URL('../fixtures/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, fixtures))

interface Sample {
  readonly file: string
  readonly method: string
  readonly target: string
  readonly headers: Record<string, string>
}

/** Every sample and every captured request, as the collector would get it. */
export function readCorpus(): readonly Upload[] {
  const samples = JSON.parse(read('samples/index.json').toString()) as Sample[]
  const captures = readdirSync(new URL('captures', fixtures))
    .filter((name) => name.endsWith('.http'))
    .sort()
  return [
    ...samples.map(({ file, method, target, headers }) =>
      buildUpload({ method, target, headers, body: read(`samples/${file}`) }),
    ),
    ...captures.map((name) => buildUpload(parseHttpMessage(read(`captures/${name}`)))),
  ]
}
