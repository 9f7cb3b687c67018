import { type Sample, sampleParameters } from './parameters.ts'

/** What is posted in one case: the bodies of a fleet, one per device. */
export interface Case {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  readonly uploads: readonly Upload[]
  /** Of a body, on average. */
  readonly bodyBytes: number
}

export interface Upload {
  /** The request target, with the device's identity. */
  readonly path: string
  readonly body: string
}

type Build = (parameters: readonly Sample[], epochSeconds: number) => string

const csv = (rows: readonly (readonly unknown[])[]) =>
  rows.map((row) => row.join(',') + '\r\n').join('')

const json = (item: Record<string, unknown>) => JSON.stringify({ Report: [item] })

function hierarchy(parameters: readonly Sample[]): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const { name, value } of parameters) {
    const path = name.split('.')
    const leaf = path.pop() ?? ''
    let node = root
    for (const key of path) node = (node[key] ??= {}) as Record<string, unknown>
    node[leaf] = value
  }
  return root
}

/** The four report formats of TR-181 BulkData.Profile.{i}, timestamps as Unix-Epoch. */
const formats: Readonly<Record<string, { mediaType: string; build: Build }>> = {
  ParameterPerRow: {
    mediaType: 'text/csv; charset=UTF-8; header=present',
    build: (parameters, time) =>
      csv([
        ['ReportTimestamp', 'ParameterName', 'ParameterValue', 'ParameterType'],
        ...parameters.map(({ name, value, type }) => [time, name, value, type]),
      ]),
  },
  ParameterPerColumn: {
    mediaType: 'text/csv; charset=UTF-8; header=present',
    build: (parameters, time) =>
      csv([
        ['ReportTimestamp', ...parameters.map(({ name }) => name)],
        [time, ...parameters.map(({ value }) => value)],
      ]),
  },
  ObjectHierarchy: {
    mediaType: 'application/json; charset=UTF-8',
    build: (parameters, time) => json({ CollectionTime: time, ...hierarchy(parameters) }),
  },
  NameValuePair: {
    mediaType: 'application/json; charset=UTF-8',
    build: (parameters, time) =>
      json({
        CollectionTime: time,
        ...Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
      }),
  },
}

/** Every case: each format with each number of parameters, posted by a fleet of devices. */
export function createCases(devices: number, parameterCounts: readonly number[]): readonly Case[] {
  const time = Math.floor(Date.now() / 1000)
  return parameterCounts.flatMap((count) =>
    Object.entries(formats).map(([format, { mediaType, build }]): Case => {
      const uploads = Array.from({ length: devices }, (_, device) => ({
        path: `/collector?oui=00256D&pc=Gateway-X1&sn=SN${String(device).padStart(8, '0')}`,
        body: build(sampleParameters(device, count), time),
      }))
      const bytes = uploads.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0)
      return {
        name: `${format} ${count}`,
        headers: { 'content-type': mediaType, 'bbf-report-format': format },
        uploads,
        bodyBytes: Math.round(bytes / devices),
      }
    }),
  )
}
