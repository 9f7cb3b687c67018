import fc from 'fast-check'
import type { Format } from '../../src/report/report.ts'
import { type Dialect, type SentReport, timeForms } from './encode-report.ts'

/** Texts with what encodings stumble over: quotes, separators, row ends, entities, escapes. */
const trickyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from('",;|\t\r\n \'\\/&:~.')),
      fc.constantFrom('""', '\r\n', '&#13;&#10;', '&#10;', '&quot', '||', '\\u0041', 'ä', 'é€'),
      fc.constantFrom('string', ',int', '1364529149', '2026-01-01T00:00:00Z', '{"a":1}', '[]'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''))

/** Texts that are numerals or words of another type. */
const likeAnother = fc.constantFrom('42', '-1', '0042', '+1', '1.50', '1.5', '1e3', 'true', 'null')

const integer = fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n })
const decimal = fc
  .double({ min: -1e12, max: 1e12, noNaN: true })
  .map((value) => (Number.isInteger(value) ? value + 0.5 : value))

const value = fc.oneof(
  trickyText,
  fc.string({ unit: 'grapheme-ascii' }),
  likeAnother,
  integer.map(narrowest),
  fc.integer(),
  decimal,
  fc.boolean(),
  fc.constant(null),
)

/** A bigint only where a double does not hold the integer. */
function narrowest(exact: bigint): number | bigint {
  const number = Number(exact)
  return Number.isSafeInteger(number) ? number : exact
}

const path = fc
  .array(fc.oneof(fc.constantFrom('WiFi', 'Stats', 'X_00256D_a-b'), fc.nat({ max: 300 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => ['Device', ...parts].join('.'))

const name = fc.oneof(
  { weight: 4, arbitrary: path },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'UpTime',
      'Tempo Real para Teste',
      'BytesReceived WAN/LAN',
      'WiFi_AP Assoc.1.10.Bytes Sent',
      'Gerät 1.Größe',
      'long',
      'CollectionTime',
      'ParameterName',
      'Report',
      '__proto__',
      'constructor.prototype',
    ),
  },
  { weight: 1, arbitrary: trickyText },
)

/** One to four reports of one device; most have the same names, as retained ones do. */
export const arbitraryReports: fc.Arbitrary<readonly SentReport[]> = fc
  .record({
    names: fc.uniqueArray(name, { minLength: 1, maxLength: 8 }),
    times: fc.uniqueArray(fc.integer({ min: Date.UTC(2001, 8, 10), max: Date.UTC(2099, 11, 31) }), {
      minLength: 1,
      maxLength: 4,
      selector: (ms) => Math.floor(ms / 1_000),
    }),
    values: fc.array(value, { minLength: 32, maxLength: 32 }),
    left: fc.array(fc.nat({ max: 9 }), { minLength: 32, maxLength: 32 }),
  })
  .map(({ names, times, values, left }) =>
    times.map((timeMs, report) => ({
      timeMs,
      parameters: names
        .map((known, index) => ({ name: known, value: values[report * 8 + index] ?? null }))
        .filter((_, index) => left[report * 8 + index] !== 0),
    })),
  )

/** Every way in which an agent can be set up to write one format. */
export const arbitraryDialect = (format: Format): fc.Arbitrary<Dialect> =>
  fc.record({
    format: fc.constant(format),
    time: fc.constantFrom(...timeForms),
    timeAsText: fc.boolean(),
    json: fc.record({
      pretty: fc.boolean(),
      timeLast: fc.boolean(),
      escapedSlash: fc.boolean(),
      asciiOnly: fc.boolean(),
      trailingNul: fc.boolean(),
    }),
    csv: fc.record({
      fieldSeparator: fc.constantFrom(',', ';', '\t', '|', '||', '::', '~-~'),
      rowEnd: fc.constantFrom('\r\n', '\n', '\r', ' ', '&#13;&#10;', '&#10;', ''),
      endsLastRow: fc.boolean(),
      quoting: fc.constantFrom('never', 'where needed', 'always'),
      quote: fc.constantFrom('"', "'", '\\', '&quot'),
      inProfile: fc.boolean(),
      timeColumn: fc.constantFrom('ReportTimestamp', 'CollectionTime'),
      types: fc.boolean(),
      numericBooleans: fc.boolean(),
      repeatsHeader: fc.boolean(),
    }),
  })
