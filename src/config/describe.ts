import { type SettingDocs, settingDocs } from '../settings.ts'
import { sinks } from '../sinks/registry.ts'
import { type Env, chosenSinkSettings, stages } from './config.ts'

export interface DescribedSetting extends SettingDocs {
  readonly name: string
}

/** Every variable that the program knows, those of all sinks included. */
export function describeSettings(): readonly DescribedSetting[] {
  const shapes = [...Object.values(stages), ...Object.values(sinks).map(({ settings }) => settings)]
  return shapes.flatMap((shape) =>
    Object.entries(shape).map(([name, schema]) => {
      const docs = settingDocs.get(schema)
      if (docs === undefined) throw new Error(`${name} was not made by settings.ts`)
      return { name, ...docs }
    }),
  )
}

/** The configuration in force as lines of config.env: defaults filled in, secrets masked. */
export function effectiveConfig(env: Env): string {
  const chosen = new Set([
    ...Object.values(stages).flatMap((shape) => Object.keys(shape)),
    ...Object.keys(chosenSinkSettings(env)),
  ])
  return describeSettings()
    .filter(({ name }) => chosen.has(name))
    .map(({ name, secret, default: fallback = '' }) => {
      const given = env[name] ?? ''
      const value = given === '' ? fallback : given
      return `${name}=${secret && value !== '' ? '********' : value}`
    })
    .join('\n')
}

/** Names in a config.env that no setting has: most often misspelt. */
export function unknownNames(names: readonly string[]): readonly string[] {
  const known = new Set(describeSettings().map(({ name }) => name))
  return names.filter((name) => !known.has(name))
}
