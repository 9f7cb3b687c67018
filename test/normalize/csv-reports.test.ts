import { describe, expect, test } from 'vitest'
import { explainUpload } from '../../src/normalize/explain.ts'
import { buildUpload } from '../report/build-upload.ts'
import { knowledge } from './knowledge.ts'

/** The reports of a CSV body: seconds of each, null for none, and its parameters. */
async function read(body: string, reportFormat?: string) {
  const headers = {
    'bbf-report-format': reportFormat,
    'content-type': 'text/csv; charset=utf-8; header=present',
  }
  const upload = buildUpload({ target: '/c?oui=00256D&pc=Z&sn=Y', headers, body })
  const { deviations, events = [], fault, format } = await explainUpload(upload, knowledge)
  const reports = events.map((text) => {
    const event = JSON.parse(text) as Record<string, unknown>
    const known = event['CollectionTimeSource'] === 'report'
    const seconds = known ? Date.parse(String(event['CollectionTime'])) / 1000 : null
    return { seconds, parameters: event['Parameters'], attributes: event['Attributes'] }
  })
  const met = deviations
    .map(({ code }) => code)
    .filter((code) => !/^(time-stale|format-header-missing)$/.test(code))
  return { format, reports, met, fault: fault?.code }
}

const one = (parameters: object, seconds: number | null = 1364529149, attributes = {}) => [
  { seconds, parameters, attributes },
]

describe('ParameterPerRow', () => {
  const header = 'ReportTimestamp,ParameterName,ParameterValue,ParameterType\n'

  test.each([
    [
      'without a time column',
      'ParameterName,ParameterValue,ParameterType\nA,1,int\n',
      one({ A: 1 }, null),
      [],
    ],
    [
      'with an empty time (ubbf)',
      'CollectionTime,ParameterName,ParameterValue\n,A,1\n',
      one({ A: '1' }, null),
      ['csv-time-column', 'csv-type-column-missing'],
    ],
    [
      'without a type column (ubbf)',
      'ReportTimestamp,ParameterName,ParameterValue\n1364529149,A,1\n',
      one({ A: '1' }),
      ['csv-type-column-missing'],
    ],
    [
      'names of columns in another case',
      'reporttimestamp,PARAMETERNAME,ParameterValue,parametertype\n1364529149,A,1,int\n',
      one({ A: 1 }),
      ['csv-time-column'],
    ],
    [
      'columns in another order',
      'ParameterName,ParameterType,ParameterValue,ReportTimestamp\nA,int,1,1364529149\n',
      one({ A: 1 }),
      ['csv-time-column'],
    ],
    [
      'without a header line',
      '1364529149,A,1,int\n1364529149,B,x,string\n',
      one({ A: 1, B: 'x' }),
      ['csv-header-missing'],
    ],
    [
      'without a header line and a time',
      'A,1,int\nB,x,string\n',
      one({ A: 1, B: 'x' }, null),
      ['csv-header-missing'],
    ],
    [
      'separators inside values (iopsys)',
      `${header}1364529149,A,b,g,n,string\n`,
      one({ A: 'b,g,n' }),
      ['csv-unquoted-separator'],
    ],
    ['an unknown type', `${header}1364529149,A,1,uint64\n`, one({ A: '1' }), ['csv-unknown-type']],
    [
      'a value that is not of its type',
      `${header}1364529149,A,n/a,int\n`,
      one({ A: 'n/a' }),
      ['csv-value-not-of-type'],
    ],
    ['a short row', `${header}1364529149,A,1\n`, one({ A: '1' }), ['csv-ragged-row']],
    [
      'a header line between the rows',
      `${header}1364529149,A,1,int\n${header}1364529149,B,2,int\n`,
      one({ A: 1, B: 2 }),
      ['csv-header-repeated'],
    ],
    [
      'the same row twice',
      `${header}1364529149,A,1,int\n1364529149,A,1,int\n`,
      one({ A: 1 }),
      ['csv-duplicate-column'],
    ],
  ])('%s', async (_what, body, reports, met) => {
    expect(await read(body)).toEqual({ format: 'ParameterPerRow', reports, met, fault: undefined })
  })

  test('without a header line, separators inside the value of the first row', async () => {
    const { reports } = await read('A,hello, world,string\nB,abc,string\nC,1,boolean\n')
    expect(reports).toEqual(one({ A: 'hello, world', B: 'abc', C: true }, null))
  })

  test('a type after a space', async () => {
    const { reports, met } = await read(`${header}1364529149,A,1, unsignedInt\n`)
    expect(reports).toEqual(one({ A: 1 }))
    expect(met).toEqual([])
  })

  test('without a header line and a type, if BBF-Report-Format says what it is', async () => {
    const { reports } = await read('1364529149,A,1\n1364529149,B,2\n', 'ParameterPerRow')
    expect(reports).toEqual(one({ A: '1', B: '2' }))
  })

  test('rows are grouped to reports by their time, oldest first, also when they are mixed', async () => {
    const { reports, met } = await read(
      `${header}1364529150,A,2,int\n1364529149,A,1,int\n1364529150,B,4,int\n1364529149,B,3,int\n`,
    )
    expect(reports).toEqual([...one({ A: 1, B: 3 }), ...one({ A: 2, B: 4 }, 1364529150)])
    expect(met).toEqual(['newest-first'])
  })

  test('without times a name that comes again with another value begins a new report', async () => {
    const { reports } = await read(
      'ParameterName,ParameterValue,ParameterType\nA,1,int\nB,2,int\nA,3,int\nB,4,int\n',
    )
    expect(reports.map(({ parameters }) => parameters)).toEqual([
      { A: 1, B: 2 },
      { A: 3, B: 4 },
    ])
  })
})

describe('ParameterPerColumn', () => {
  test.each([
    ['without a time column', 'A,B\n1,x\n', one({ A: 1, B: 'x' }, null), []],
    [
      'time column CollectionTime (ubbf)',
      'CollectionTime,A\n1364529149,1\n',
      one({ A: 1 }),
      ['csv-time-column'],
    ],
    ['an empty time (ubbf)', 'ReportTimestamp,A\n,1\n', one({ A: 1 }, null), []],
    [
      'a long row',
      'ReportTimestamp,A\n1364529149,1,2\n',
      one({ A: 1 }, 1364529149, { bdc_raw_row: '1364529149,1,2' }),
      ['csv-ragged-row'],
    ],
    [
      'a short row',
      'ReportTimestamp,A,B\n1364529149,1\n',
      one({ A: 1 }, 1364529149, { bdc_raw_row: '1364529149,1' }),
      ['csv-ragged-row'],
    ],
    [
      'two columns of one name',
      'ReportTimestamp,A,A\n1364529149,1,2\n',
      one({ A: 2 }),
      ['csv-duplicate-column'],
    ],
    [
      'names with spaces and dots',
      'ReportTimestamp,DE Device,x.1.2\n1364529149,a,b\n',
      one({ 'DE Device': 'a', 'x.1.2': 'b' }),
      [],
    ],
  ])('%s', async (_what, body, reports, met) => {
    expect(await read(body)).toEqual({
      format: 'ParameterPerColumn',
      reports,
      met,
      fault: undefined,
    })
  })

  test('a repeated header line names the columns from there on (iopsys)', async () => {
    const { reports, met } = await read(
      'ReportTimestamp,A,B\n1364529149,1,2\nReportTimestamp,B,C\n1364529150,3,4\n',
    )
    expect(reports).toEqual([...one({ A: 1, B: 2 }), ...one({ B: 3, C: 4 }, 1364529150)])
    expect(met).toEqual(['csv-header-repeated'])
  })

  test('a single line that is no header, and a row without one, go to the quarantine', async () => {
    expect((await read('hello')).fault).toBe('BDC_CSV_HEADER')
    expect((await read('1364529149,1\n1364529150,2\n')).fault).toBe('BDC_CSV_HEADER')
  })
})
