import { z } from 'zod'

/**
 * The building blocks of every stage's settings: a value read from one environment variable,
 * with its default, its validation and the line that documents it.
 */

export interface SettingDocs {
  /** One line for the README and config.env.example. */
  readonly doc: string
  /** What is allowed, in words. */
  readonly allowed: string
  /** The default as an operator would write it; undefined: unset. */
  readonly default: string | undefined
  readonly secret: boolean
}

/** The documentation of a setting's schema. */
export const settingDocs = z.registry<SettingDocs>()

export type Shape = Readonly<Record<string, z.ZodType>>

/** ACK_DEADLINE_MS → ackDeadlineMs: how a variable is called inside the program. */
export type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>

/** The configuration object that a shape of settings yields. */
export type ConfigOf<S extends Shape> = {
  readonly [K in keyof S & string as CamelCase<K>]: z.output<S[K]>
}

export const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

interface Spec {
  readonly doc: string
  readonly default?: string
}

type Presence<T, S extends Spec> = S extends { default: string } ? T : T | undefined

function setting<T, S extends Spec>(
  spec: S,
  allowed: string,
  parse: (text: string) => T | undefined,
  secret = false,
): z.ZodType<Presence<T, S>> {
  const value = z.string().transform((text, context) => {
    const parsed = parse(text.trim())
    if (parsed !== undefined) return parsed
    const shown = secret ? 'this value' : JSON.stringify(text)
    context.addIssue({ code: 'custom', message: `${shown} is not allowed, expected ${allowed}` })
    return z.NEVER
  })
  const schema = spec.default === undefined ? value.optional() : value.prefault(spec.default)
  settingDocs.add(schema, { doc: spec.doc, allowed, default: spec.default, secret })
  return schema as z.ZodType as z.ZodType<Presence<T, S>>
}

interface Range {
  readonly min?: number
  readonly max?: number
}

const within = (value: number, { min = 0, max = Number.MAX_SAFE_INTEGER }: Range) =>
  Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined

const rangeInWords = ({ min = 0, max }: Range) =>
  max === undefined ? `at least ${min}` : `${min} to ${max}`

const byteUnits: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}
const millisecondUnits: Readonly<Record<string, number>> = {
  '': 1,
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

function quantity(text: string, units: Readonly<Record<string, number>>, range: Range) {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text)
  const unit = units[(match?.[2] ?? '').toLowerCase()]
  return match === null || unit === undefined
    ? undefined
    : within(Math.round(Number(match[1]) * unit), range)
}

/** Any text. */
export const text = <S extends Spec>(spec: S) =>
  setting(spec, 'a text', (value) => (value === '' ? undefined : value))

/** A text that is never logged or printed. */
export const secret = <S extends Spec>(spec: S) =>
  setting(spec, 'a text', (value) => (value === '' ? undefined : value), true)

/** A whole number. */
export const integer = <S extends Spec & Range>(spec: S) =>
  setting(spec, `a whole number, ${rangeInWords(spec)}`, (value) =>
    /^\d+$/.test(value) ? within(Number(value), spec) : undefined,
  )

/** A TCP port; 0 lets the system choose a free one. */
export const port = <S extends Spec>(spec: S) => integer({ ...spec, min: 0, max: 65_535 })

/** A size in bytes: `1048576`, `1MiB`, `1.5 GB`. */
export const bytes = <S extends Spec & Range>(spec: S) =>
  setting(spec, `bytes, such as 65536, 64KiB or 16MiB, ${rangeInWords(spec)}`, (value) =>
    quantity(value, byteUnits, spec),
  )

/** A duration in milliseconds: `1500`, `1.5s`, `5m`. */
export const duration = <S extends Spec & Range>(spec: S) =>
  setting(spec, `milliseconds, or such as 250ms, 20s or 5m, ${rangeInWords(spec)}`, (value) =>
    quantity(value, millisecondUnits, spec),
  )

/** One of a few words. */
export const oneOf = <const T extends string, S extends Spec>(words: readonly T[], spec: S) =>
  setting(spec, `one of ${words.join(', ')}`, (value) => words.find((word) => word === value))

/** An absolute URL path without query: `/collector`. */
export const urlPath = <S extends Spec>(spec: S) =>
  setting(spec, 'a path such as /collector, without ? or &', (value) =>
    /^\/[^?&#\s]*$/.test(value) ? value.replace(/\/+$/, '') || '/' : undefined,
  )

/** Several texts with commas between them, each of a form; none by default. */
export const list = (form: RegExp, spec: { readonly doc: string; readonly allowed: string }) =>
  setting({ ...spec, default: '' }, spec.allowed, (value) => {
    const items = value.split(',').map((item) => item.trim())
    if (value === '') return []
    return items.every((item) => form.test(item)) ? items : undefined
  })
