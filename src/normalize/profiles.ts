import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { CsvDialect } from '../decode/csv-dialect.ts'
import { ConfigError } from '../errors.ts'
import type { Target } from './target.ts'

/**
 * What the operator knows of the reports that come to a path or with a query key. A request
 * never names its profile, and never says which separators its CSV has (wire format of TR-181
 * BulkData.Profile.{i}.CSVEncoding), so one vendor's oddity is configuration here.
 */
const profile = z.strictObject({
  name: z.string().min(1).max(255),
  match: z
    .strictObject({
      path: z.string().startsWith('/').optional(),
      query: z.record(z.string(), z.string()).optional(),
    })
    .refine(({ path, query }) => path !== undefined || query !== undefined, {
      error: 'needs a path, a query or both',
    }),
  csv: z
    .strictObject({
      fieldSeparator: z.string().min(1).optional(),
      rowSeparator: z.string().min(1).optional(),
      escapeCharacter: z.string().min(1).optional(),
    })
    .optional(),
})

export interface Profile {
  readonly name: string
  readonly csv: CsvDialect
}

export type Profiles = (target: Target) => Profile | undefined

/** Knows no profile. */
export const noProfiles: Profiles = () => undefined

/**
 * Reads the profiles file: a JSON array of { name, match: { path, query }, csv }. The first one
 * that matches counts: the path as a prefix, and every query key with its value.
 * @throws ConfigError with every fault in the file
 */
export function loadProfiles(file: string): Profiles {
  const list = parse(file)
  return ({ path, query }) => {
    const found = list.find(
      ({ match }) =>
        (match.path === undefined || path.startsWith(match.path)) &&
        Object.entries(match.query ?? {}).every(([name, value]) =>
          query.some(([key, sent]) => key === name && sent === value),
        ),
    )
    return found && { name: found.name, csv: found.csv ?? {} }
  }
}

function parse(file: string): z.output<typeof profile>[] {
  try {
    const { success, data, error } = z
      .array(profile)
      .safeParse(JSON.parse(readFileSync(file, 'utf8')))
    if (success) return data
    throw new ConfigError(
      error.issues.map(({ path, message }) => ({
        name: 'PROFILES_FILE',
        problem: `${file}: ${path.join('.')}: ${message}`,
      })),
    )
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError([
      { name: 'PROFILES_FILE', problem: `${file}: ${(error as Error).message}` },
    ])
  }
}
