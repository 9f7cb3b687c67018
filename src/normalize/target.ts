/** A query key and its value, decoded. */
export type QueryPair = readonly [key: string, value: string]

/**
 * Reads the raw request target leniently: OB-USP-AGENT and RDK append `?oui=…` to a URL that
 * has a query already, iopsys appends `&name=value` to one that has none, so every `?` and `&`
 * begins a new pair. Broken percent-escapes are kept as they are, `+` stands for itself.
 */
export function parseTarget(target: string): { path: string; query: readonly QueryPair[] } {
  const [path = '', ...parts] = target.split(/[?&]/)
  const query = parts
    .filter((part) => part !== '')
    .map((part): QueryPair => {
      const equals = part.indexOf('=')
      return equals === -1
        ? [percentDecode(part), '']
        : [percentDecode(part.slice(0, equals)), percentDecode(part.slice(equals + 1))]
    })
  return { path, query }
}

function percentDecode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun)
  }
}

/** A run of escapes that is not UTF-8 as a whole: only its ASCII part is certain. */
function decodeRun(escapes: string): string {
  try {
    return decodeURIComponent(escapes)
  } catch {
    return escapes.replace(/%[0-7][0-9a-f]/gi, decodeURIComponent)
  }
}
