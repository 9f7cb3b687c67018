import { gzipSync } from 'node:zlib'
import type { Upload } from '../../src/report/transfer.ts'
import { buildUpload } from '../report/build-upload.ts'

export const mebibyte = 1024 * 1024

/** A text again and again, up to a size. */
export const repeated = (text: string, bytes = mebibyte) =>
  text.repeat(Math.ceil(bytes / Buffer.byteLength(text))).slice(0, bytes)

/** Something for each number up to a count, joined. */
const numbered = (count: number, one: (index: number) => string, separator = ',') =>
  Array.from({ length: count }, (_, index) => one(index)).join(separator)

const csvHeaders = { 'content-type': 'text/csv; charset=UTF-8; header=present' }
const perRow = 'ReportTimestamp,ParameterName,ParameterValue,ParameterType'

const json = (body: string): Upload => buildUpload({ body })
const csv = (body: string): Upload => buildUpload({ body, headers: csvHeaders })
const decimal = (value: string) => csv(`${perRow}\r\n1364529149,A,${value},decimal\r\n`)
const timed = (text: string) => json(`{"Report":[{"CollectionTime":"${text}"}]}`)

/**
 * Requests of about 1 MiB made to be slow: each would cost seconds or gigabytes to a reader that
 * goes over its input once for every part of it.
 */
export const hostileUploads: Readonly<Record<string, Upload>> = {
  // Runs of one thing.
  spaces: csv(repeated(' ') + 'x'),
  'spaces in JSON': json(`{"Report":[${repeated(' ')}]`),
  'spaces and a header': csv(repeated(' ') + perRow),
  'spaces after a header': csv(`${perRow}${repeated(' ')}x`),
  quotes: csv(repeated('"')),
  'an odd number of quotes': csv(repeated('"') + '"'),
  'quotes below a header': csv(`a,b\n${repeated('"')}`),
  'cells in quotes': csv(repeated('"a",')),
  'stray quotes': csv(repeated('a"b,')),
  'stray quotes in rows': csv(`a,b\n${repeated('x"y,"z\n')}`),
  'an open quote at the end': csv(`a,b\n${repeated('"x","y"\n')}"`),
  separators: csv(repeated(',')),
  'separators below a header': csv(`a,b\n${repeated(',')}`),
  semicolons: csv(repeated(';')),
  'CR runs': csv(repeated('\r')),
  'CR runs and one LF': csv(repeated('\r') + '\n'),
  'LF runs': csv(`a,b\n${repeated('\n')}x,y`),
  'CR and a letter': csv(repeated('\ra')),
  'NUL runs': csv(repeated('\0') + 'a,b'),
  'NULs after JSON': json(`{}${repeated('\0')}`),
  'NULs inside JSON': json(`{${repeated('\0')}}`),
  'byte order marks': csv(repeated('\u{feff}')),
  ampersands: csv(repeated('&')),
  '&#13; runs': csv(repeated('&#13;')),
  '&#13;&#10; runs': csv(`a,b${repeated('&#13;&#10;1,2')}`),
  'almost entities': csv(repeated('&#1')),
  'letters alone': csv(repeated('a')),
  'backslashes in JSON': json(`{"a":"${repeated('\\')}`),
  'broken escapes in JSON': json(`{"a":"${repeated('\\u00')}"}`),
  'lone surrogates': json(`{"Report":[{"a":"${repeated('\\ud800')}"}]}`),

  // Numerals.
  'an integer of a million digits': json(`{"Report":[{"a":${repeated('9')}}]}`),
  'a negative one': json(`{"Report":[{"a":-${repeated('9')}}]}`),
  'an integer of a million digits in a column': csv(
    `ReportTimestamp,a\n1364529149,${repeated('9')}`,
  ),
  'one as unsignedLong': csv(`${perRow}\n1364529149,a,${repeated('9')},unsignedLong`),
  'digits and a letter as decimal': decimal(repeated('1') + 'x'),
  'digits and dots as decimal': decimal(repeated('1.')),
  'an exponent of a million digits': decimal(`1e${repeated('9')}`),
  'a million decimals': csv(`a\n${repeated('9', mebibyte / 2)}.${repeated('1', mebibyte / 2)}x`),
  'many integers beyond 2^53': json(
    `{"Report":[{${numbered(35_000, (n) => `"a${n}":9007199254740993`)}}]}`,
  ),

  // Times.
  'digits as time': timed(repeated('1')),
  'spaces as time': timed(repeated(' ')),
  'a fraction as time': timed(`2026-11-20T21:03:30.${repeated('1')}x`),
  'a long fraction as time': timed(`2026-11-20T21:03:30.${repeated('1')}Z`),
  'digits and a dot as time': timed(`1.${repeated('1')}x`),

  // Headers and types that come again.
  'ReportTimestamp runs': csv(repeated('ReportTimestamp')),
  'ReportTimestamp rows': csv(repeated('ReportTimestamp,a\n')),
  'ParameterName runs': csv(repeated('ParameterName,')),
  'header lines': csv(repeated(`${perRow}\r\n`)),
  'header lines in one': csv(repeated(perRow)),
  'type runs': csv(repeated(',string')),
  'type runs below a header': csv(perRow + repeated(',string')),
  'type runs with spaces': csv(perRow + repeated(',string ')),
  'spaces before types': csv(`${perRow}${repeated(',  \t  int x')}`),
  'one cell of types': csv(`${perRow}1364529149,a,b,${repeated('string')}`),
  'rows that end in no type': csv(`${perRow}${repeated('1364529149,a,b,int 7')}`),
  'times after spaces': csv(`ReportTimestamp,a${repeated(' 1364529149,1')}`),
  'almost times after spaces': csv(`ReportTimestamp,a${repeated(' 1364529149')}`),
  'ISO times after spaces': csv(`ReportTimestamp,a${repeated(' 2026-11-20T21:03:30.0')}`),
  'rows of other widths': csv(`ReportTimestamp,a,b\n${repeated('1,2\n1,2,3,4\n')}`),
  'rows of separators inside values': csv(`${perRow}\n${repeated('1364529149,a,b,c,d,int\n')}`),

  // Names.
  'duplicate names': json(`{"Report":[{${repeated('"a":1,')}"a":1}]}`),
  'duplicate rows': csv(`${perRow}\n${repeated('1364529149,a,1,int\n')}`),
  'rows of one name with other values': csv(
    `${perRow}\n${numbered(50_000, (n) => `1364529149,a,${n},int`, '\n')}`,
  ),
  'duplicate columns': csv(`${repeated('a,', mebibyte / 8)}a\n${repeated('1,', mebibyte / 8)}1`),
  'a name of half a MiB': json(`{"Report":[{"${repeated('a')}":1}]}`),
  'names like indexes': json(`{"Report":[{${numbered(90_000, (n) => `"${n * 7}":1`)}}]}`),
  'deep names': json(`{"Report":[{"${repeated('a.')}":1}]}`),
  '__proto__ runs': json(`{"Report":[${repeated('{"__proto__":{"a":1}},')}{}]}`),

  // What is inside others.
  'open objects': json(repeated('{"a":')),
  'closed objects': json(`${repeated('{"a":', 800_000)}1${'}'.repeat(160_000)}`),
  'open arrays': json(repeated('[')),
  'closed arrays': json('['.repeat(mebibyte / 2) + ']'.repeat(mebibyte / 2)),
  'deep arrays in a report': json(
    `{"Report":[{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}]}`,
  ),
  'deep and beyond 2^53': json(
    `{"Report":[{"b":9007199254740993}],"c":9007199254740993,"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`,
  ),
  'empty reports': json(`{"Report":[${repeated('{},')}{}]}`),
  'an array item per parameter': json(`[${numbered(75_000, (n) => `{"a${n}":1}`)}]`),
  'an event in an event': json(
    JSON.stringify({
      body: { request: { notify: { event: { params: { Data: repeated('{"a":') } } } } },
    }),
  ),

  // A little that stands for much.
  'a long name above many': json(
    `{"Report":[{"${repeated('a', mebibyte / 2)}":{${numbered(45_000, (n) => `"${n}":1`)}}}]}`,
  ),
  'a long column and many rows': csv(
    `${repeated('a', mebibyte / 2)},b\n${repeated('1\n', mebibyte / 2)}`,
  ),
  'many attributes and many reports': json(
    `{${numbered(30_000, (n) => `"x${n}":1`)},"Report":[${numbered(25_000, () => '{"CollectionTime":1}')}]}`,
  ),
  'a long attribute and many reports': json(
    `{"x":"${repeated('x', mebibyte / 2)}","Report":[${repeated('{},', mebibyte / 2)}{}]}`,
  ),
  'a long serial number and many reports': {
    ...json(`{"Report":[${repeated('{},')}{}]}`),
    target: `/c?oui=00256D&pc=Z&sn=${repeated('9', 16_000)}`,
  },

  // The same, but within REPORTS_LIMIT and what joined names may hold.
  'a long name above sixty': json(
    `{"Report":[{"${repeated('a', mebibyte / 2)}":{${numbered(60, (n) => `"${n}":1`)}}}]}`,
  ),
  'a long column and sixty rows': csv(`${repeated('a', mebibyte / 2)},b\n${'1\n'.repeat(60)}`),
  'many columns and short rows': csv(
    `${numbered(90_000, (n) => `c${n}`)}\n${numbered(990, (n) => String(n), '\n')}`,
  ),
  'many attributes and as many reports as may be': json(
    `{${numbered(60_000, (n) => `"x${n}":1`)},"Report":[${numbered(990, () => '{"CollectionTime":1}')}]}`,
  ),
  'a long attribute and as many reports as may be': json(
    `{"x":"${repeated('x', mebibyte / 2)}","Report":[${numbered(990, () => '{}')}]}`,
  ),
  'a long serial number and as many reports as may be': {
    ...json(`{"Report":[${numbered(990, () => '{}')}]}`),
    target: `/c?oui=00256D&pc=Z&sn=${repeated('9', 16_000)}`,
  },
  'many gzip members': buildUpload({
    body: Buffer.concat(Array.from({ length: 50_000 }, () => gzipSync(''))),
  }),
}

/** The limit of a request's line and headers is 16 KiB; these have sixteen times as much. */
const headerBytes = 256 * 1024

/** Requests with an ordinary body, whose target or headers are made to be slow. */
export const hostileHeads: Readonly<Record<string, Partial<Upload>>> = {
  '& runs': { target: `/c${repeated('&', headerBytes)}` },
  '? runs': { target: `/c${repeated('?', headerBytes)}` },
  '= runs': { target: `/c?${repeated('=', headerBytes)}` },
  '% runs': { target: `/c?a=${repeated('%', headerBytes)}` },
  'escapes that are no UTF-8': { target: `/c?a=${repeated('%ff', headerBytes)}` },
  'escapes that are no UTF-8, and letters': { target: `/c?a=${repeated('%ffa', headerBytes)}` },
  'broken escapes in many pairs': { target: `/c${repeated('&%', headerBytes)}` },
  'long runs of escapes': { target: `/c?a=${repeated('%41', headerBytes)}%zz` },
  'many pairs': { target: `/c?${numbered(30_000, (n) => `${n}=1`, '&')}` },
  'slash runs': { target: repeated('/', headerBytes) },
  'an EndpointID of dashes': { target: `/c?eid=ops::00256D-${repeated('-', headerBytes)}` },
  'an EndpointID of letters and dashes': {
    target: `/c?eid=ops::00256D-${repeated('a-', headerBytes)}`,
  },
  'a user of dashes': { user: `00256D-${repeated('a-', headerBytes)}` },
  ...Object.fromEntries(
    [
      ' ',
      '"',
      ',',
      ';',
      'charset',
      'charset=',
      'charset ',
      'header=',
      'a/',
      'a+',
      '+json',
      'identity',
    ]
      .concat(['identity,', 'text/csv', 'ParameterPerRow,', '\t', '='])
      .flatMap((text) =>
        ['content-type', 'bbf-report-format', 'content-encoding'].map((name) => [
          `${name} of ${JSON.stringify(text)} runs`,
          { headers: { [name]: repeated(text, headerBytes) + '!' } },
        ]),
      ),
  ),
}
