/** A parameter as the naive readers give it: without its type, from CSV always a text. */
interface Pair {
  readonly name: string
  readonly value: unknown
}

/**
 * The floor: the least that plain JavaScript does to get from the bytes of a well-formed body to
 * its parameters. Believes every byte, and knows only what the bench sends: one report per body,
 * its time first.
 */
export const floors: Readonly<Record<string, (body: Buffer) => readonly Pair[]>> = {
  ParameterPerRow: (body) => {
    const [, ...rows] = rowsOf(body)
    return rows.map(([, name = '', value]) => ({ name, value }))
  },
  ParameterPerColumn: (body) => {
    const [[, ...names] = [], [, ...values] = []] = rowsOf(body)
    return names.map((name, column) => ({ name, value: values[column] }))
  },
  ObjectHierarchy: flattened,
  NameValuePair: flattened,
}

const rowsOf = (body: Buffer) =>
  body
    .toString()
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))

function flattened(body: Buffer): Pair[] {
  const document = JSON.parse(body.toString()) as { Report: [Node] }
  const pairs: Pair[] = []
  flatten(document.Report[0], '', pairs)
  return pairs.slice(1)
}

type Node = Readonly<Record<string, unknown>>

function flatten(node: Node, prefix: string, into: Pair[]): void {
  for (const key of Object.keys(node)) {
    const value = node[key]
    if (typeof value === 'object' && value !== null)
      flatten(value as Node, `${prefix}${key}.`, into)
    else into.push({ name: prefix + key, value })
  }
}
