import { z } from 'zod'
import { deadLetterSettings } from '../dead-letter/config.ts'
import { decodeSettings } from '../decode/config.ts'
import { ConfigError, type ConfigFault } from '../errors.ts'
import { httpSettings } from '../http/config.ts'
import { normalizeSettings } from '../normalize/config.ts'
import { produceSettings } from '../produce/config.ts'
import { quarantineSettings } from '../quarantine/config.ts'
import { queueSettings } from '../queue/config.ts'
import { type ConfigOf, type Shape, camelCase, oneOf } from '../settings.ts'
import { sinkNames, sinks } from '../sinks/registry.ts'
import { telemetrySettings } from '../telemetry/config.ts'
import { processSettings } from './process.ts'

const sinkSettings = {
  SINK: oneOf(sinkNames, { default: 'file', doc: 'Where the reports go' }),
}

/** The settings of every stage, in the order in which they are documented. */
export const stages = {
  http: httpSettings,
  decode: decodeSettings,
  normalize: normalizeSettings,
  quarantine: quarantineSettings,
  queue: queueSettings,
  produce: produceSettings,
  deadLetter: deadLetterSettings,
  process: processSettings,
  telemetry: telemetrySettings,
  sink: sinkSettings,
} as const satisfies Record<string, Shape>

type Stages = typeof stages

export type Config = { readonly [K in keyof Stages]: ConfigOf<Stages[K]> } & {
  /** The settings of the chosen sink, as its registry entry reads them. */
  readonly sinkConfig: unknown
}

export type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads the whole configuration. A variable that is set but empty counts as unset.
 * @throws ConfigError with every fault there is
 */
export function readConfig(env: Env): Config {
  const faults: ConfigFault[] = []
  const read = <S extends Shape>(shape: S) => readShape(shape, env, faults)
  const config = {
    http: read(stages.http),
    decode: read(stages.decode),
    normalize: read(stages.normalize),
    quarantine: read(stages.quarantine),
    queue: read(stages.queue),
    produce: read(stages.produce),
    deadLetter: read(stages.deadLetter),
    process: read(stages.process),
    telemetry: read(stages.telemetry),
    sink: read(stages.sink),
    sinkConfig: read(chosenSinkSettings(env)),
  }
  if (config.produce.lingerMs >= config.http.ackDeadlineMs)
    faults.push({ name: 'LINGER_MS', problem: 'must be shorter than ACK_DEADLINE_MS' })
  if (faults.length > 0) throw new ConfigError(faults)
  return config
}

/** The settings of the sink that SINK names; none if it names none. */
export function chosenSinkSettings(env: Env): Shape {
  const { success, data } = z.object(sinkSettings).safeParse(withoutEmpty(sinkSettings, env))
  return success ? sinks[data.SINK].settings : {}
}

function readShape<S extends Shape>(shape: S, env: Env, faults: ConfigFault[]): ConfigOf<S> {
  const { success, data, error } = z.object(shape).safeParse(withoutEmpty(shape, env))
  if (!success)
    for (const { path, message } of error.issues)
      faults.push({ name: path.join('.'), problem: message })
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([name, value]) => [camelCase(name), value]),
  ) as ConfigOf<S>
}

const withoutEmpty = (shape: Shape, env: Env) =>
  Object.fromEntries(
    Object.keys(shape)
      .map((name) => [name, env[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  )
