import { isUtf8 } from 'node:buffer'
import type { Deviations } from '../report/deviation.ts'

/** A query key and its value, decoded. */
export type QueryPair = readonly [key: string, value: string]

export interface Target {
  readonly path: string
  readonly query: readonly QueryPair[]
}

/** `http://host/c?a=1`, as a proxy may send it (RFC 9112 3.2.2) → `/c?a=1`. */
export const originForm = (target: string) =>
  target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/?&]*/i, '') || '/'

/**
 * Reads the raw request target leniently: OB-USP-AGENT and RDK append `?oui=…` to a URL that
 * has a query already, iopsys appends `&name=value` to one that has none, so every `?` and `&`
 * begins a new pair. Broken percent-escapes are kept as they are, `+` stands for itself.
 */
export function parseTarget(target: string, met: Deviations): Target {
  const origin = originForm(target)
  const [path = '', ...parts] = origin.split(/[?&]/)
  if (parts.length > 0) noteMarks(origin, path.length, met)
  const query: QueryPair[] = []
  for (const part of parts) {
    if (part === '') continue
    const equals = part.indexOf('=')
    query.push(
      equals === -1
        ? [percentDecode(part, met), '']
        : [percentDecode(part.slice(0, equals), met), percentDecode(part.slice(equals + 1), met)],
    )
  }
  return { path: percentDecode(path, met), query }
}

function noteMarks(target: string, pathLength: number, met: Deviations): void {
  const question = target.indexOf('?')
  if (question !== pathLength) met.add('target-no-question-mark')
  if (question !== -1 && target.includes('?', question + 1)) met.add('target-second-question-mark')
}

/** By runs of escapes, and without an exception for each broken one: they cost microseconds. */
function percentDecode(text: string, met: Deviations): string {
  if (!text.includes('%')) return text
  if (/%(?![0-9a-f]{2})/i.test(text)) met.add('target-bad-escape')
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => decodeRun(escapes, met))
}

/** Of a run of escapes that is not UTF-8 as a whole only the ASCII part is certain. */
function decodeRun(escapes: string, met: Deviations): string {
  const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex')
  if (isUtf8(bytes)) return bytes.toString()
  met.add('target-bad-escape')
  return escapes.replace(/%[0-7][0-9a-f]/gi, decodeURIComponent)
}
