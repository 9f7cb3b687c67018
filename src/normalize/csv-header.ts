/** What a column of ParameterPerRow is (R-BULK.12); ubbf calls the time CollectionTime. */
export type Role = 'time' | 'name' | 'value' | 'type' | undefined

const roles = new Map<string, Role>([
  ['reporttimestamp', 'time'],
  ['collectiontime', 'time'],
  ['parametername', 'name'],
  ['parametervalue', 'value'],
  ['parametertype', 'type'],
])
const longestRole = Math.max(...Array.from(roles.keys(), ({ length }) => length))

/** A header line understood. */
export interface Header {
  /** The cells, trimmed. */
  readonly columns: readonly string[]
  readonly roles: readonly Role[]
  /** -1: none. */
  readonly timeColumn: number
  /**
   * The parameter of each column of ParameterPerColumn; undefined for the time, and for a column
   * whose name comes again, as the last one counts.
   */
  readonly names: readonly (string | undefined)[]
  readonly hasDuplicates: boolean
  /** Of all columns together. */
  readonly nameCharacters: number
}

/** A fleet has few header lines, and most of the work on one is to look for duplicates. */
const rememberedLines = 64
const rememberedCharacters = 65_536
const remembered = new Map<string, Header>()

/**
 * @param line the header as it stands in the body, where nothing but commas divides it: what it
 * says depends on nothing else then, and it is known again
 */
export function readHeader(cells: readonly string[], line?: string): Header {
  if (line === undefined || line.length > rememberedCharacters) return understandHeader(cells)
  const known = remembered.get(line)
  if (known !== undefined) return known
  const header = understandHeader(cells.map(detached))
  if (remembered.size >= rememberedLines)
    for (const oldest of remembered.keys()) {
      remembered.delete(oldest)
      break
    }
  remembered.set(detached(line), header)
  return header
}

/** A text of its own: a part of a body would keep all of that body in memory. */
const detached = (text: string) => Buffer.from(text).toString()

function understandHeader(cells: readonly string[]): Header {
  const columns = cells.map((cell) => cell.trim())
  const roles = columns.map(roleOf)
  const timeColumn = roles.indexOf('time')
  const names: (string | undefined)[] = [...columns]
  if (timeColumn !== -1) names[timeColumn] = undefined
  const last = new Map(columns.map((name, column) => [name, column]))
  const hasDuplicates = last.size < columns.length
  return {
    columns,
    roles,
    timeColumn,
    names: hasDuplicates
      ? names.map((name, column) => (last.get(name ?? '') === column ? name : undefined))
      : names,
    hasDuplicates,
    nameCharacters: columns.reduce((sum, { length }) => sum + length, 0),
  }
}

const roleOf = (column: string): Role =>
  column.length <= longestRole ? roles.get(column.toLowerCase()) : undefined
