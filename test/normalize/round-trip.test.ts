import fc from 'fast-check'
import { expect, test } from 'vitest'
import { understand } from '../../src/normalize/normalize.ts'
import { Deviations } from '../../src/report/deviation.ts'
import { type Format, type ParameterValue, type Report, formats } from '../../src/report/report.ts'
import { buildUpload } from '../report/build-upload.ts'
import { arbitraryDialect, arbitraryReports } from './arbitrary-reports.ts'
import { carriable } from './carriable.ts'
import {
  type Dialect,
  type SentReport,
  encodeReports,
  isCsv,
  isTimed,
  profileOf,
  timeKept,
} from './encode-report.ts'
import {
  type Wrapping,
  charsets,
  claimedFormat,
  codings,
  encodeUpload,
  formatClaims,
} from './encode-upload.ts'
import { knowledge } from './knowledge.ts'

const wrapping = fc.record({
  coding: fc.constantFrom(...codings),
  charset: fc.constantFrom(...charsets),
  claim: fc.constantFrom(...formatClaims),
  spelling: fc.constantFrom('standard', 'quoted charset', 'no charset'),
})

test.each(formats)('%s gives back what was sent', async (format) => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryDialect(format),
      arbitraryReports,
      wrapping,
      fc.boolean(),
      async (wanted, given, how, newestFirst) => {
        const { dialect, reports } = carriable(wanted, given)
        fc.pre(reports.length > 0)
        const oldestFirst = isTimed(dialect)
          ? reports.toSorted((a, b) => a.timeMs - b.timeMs)
          : reports
        const sent = newestFirst ? oldestFirst.toReversed() : reports
        const upload = encodeUpload(encodeReports(sent, dialect), dialect, how)
        const csv = profileOf(dialect)
        const profiles = () => (csv === undefined ? undefined : { name: 'known', csv })
        const { transfer } = await understand(upload, { ...knowledge, profiles }, new Deviations())

        expect(transfer.device.key).toBe('00256D-Z-Y')
        const inOrder = isTimed(dialect) ? oldestFirst : sent
        expect(transfer.reports.map(outline)).toEqual(
          inOrder.map((report) => expected(report, dialect, how, upload.receivedTimeMs)),
        )
      },
    ),
    { numRuns: 2_000 },
  )
})

test.each([
  ['a column named like a type', 'ReportTimestamp,lat,long\n1364529149,1,2', { lat: 1, long: 2 }],
  ['no time, and a column named like a type', 'id,lat,long\n7,1,2', { id: 7, lat: 1, long: 2 }],
  ['entities as row ends hold no separators', 'A,B&#13;&#10;1,2&#13;&#10;', { A: 1, B: 2 }],
  ['an empty last cell before a space', 'ReportTimestamp\tA 1364529149\t ', { A: '' }],
  [
    'a decimal of 64 bits',
    'ParameterName,ParameterValue,ParameterType\nA,18446744073709551615,decimal',
    { A: 18446744073709551615n },
  ],
])('found by these properties: %s', async (_case, body, parameters) => {
  const upload = buildUpload({ body, headers: { 'content-type': 'text/csv' } })
  const { transfer } = await understand(upload, knowledge, new Deviations())
  expect(transfer.reports.map(outline)).toMatchObject([
    { parameters: sorted(Object.entries<ParameterValue>(parameters)) },
  ])
})

type Outline = Pick<Report, 'collectionTimeMs' | 'collectionTimeSource' | 'format'> & {
  readonly parameters: readonly (readonly [name: string, value: ParameterValue])[]
}

const outline = (report: Report): Outline => ({
  collectionTimeMs: report.collectionTimeMs,
  collectionTimeSource: report.collectionTimeSource,
  format: report.format,
  parameters: sorted(report.parameters.map(({ name, value }) => [name, value])),
})

function expected(
  { timeMs, parameters }: SentReport,
  dialect: Dialect,
  { claim }: Wrapping,
  receivedTimeMs: number,
): Outline {
  const timed = isTimed(dialect)
  return {
    collectionTimeMs: timed ? timeKept(timeMs, dialect.time) : receivedTimeMs,
    collectionTimeSource: timed ? 'report' : 'received',
    format: shownFormat(parameters, dialect, claim),
    parameters: sorted(parameters.map(({ name, value }) => [name, valueKept(value, dialect)])),
  }
}

const sorted = (entries: [string, ParameterValue][]) =>
  entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))

/** A hierarchy without a dot in any name has no objects in it: there the header decides. */
function shownFormat(
  parameters: SentReport['parameters'],
  dialect: Dialect,
  claim: Wrapping['claim'],
): Format {
  if (isCsv(dialect)) return dialect.format
  const nested =
    dialect.format === 'ObjectHierarchy' && parameters.some(({ name }) => name.includes('.'))
  const claimed = claimedFormat(dialect, claim)
  return nested || claimed === 'ObjectHierarchy' ? 'ObjectHierarchy' : 'NameValuePair'
}

/** JSON says the type, a row its own where it has one, a column none. */
function valueKept(value: ParameterValue, { format, csv }: Dialect): ParameterValue {
  if (format === 'ParameterPerColumn') return ofColumn(String(value))
  if (format !== 'ParameterPerRow' || csv.types) return value
  return typeof value === 'boolean' && csv.numericBooleans ? String(Number(value)) : String(value)
}

/** What prints as the same text again is a number or boolean; all else is a text. */
function ofColumn(text: string): ParameterValue {
  if (text === 'true' || text === 'false') return text === 'true'
  if (!/^-?\d+(\.\d+)?$/.test(text) || text === '-0') return text
  if (String(Number(text)) === text && Math.abs(Number(text)) < 2 ** 53) return Number(text)
  return !text.includes('.') && String(BigInt(text)) === text ? BigInt(text) : text
}
