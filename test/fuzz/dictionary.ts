import { formats, parameterTypes } from '../../src/report/report.ts'

/** What the dialects of agents are made of: tokens that change how a body is read. */
export const bodyTokens: readonly string[] = [
  ...parameterTypes,
  ...parameterTypes.map((type) => `,${type},`),
  ...['ReportTimestamp', 'CollectionTime', 'ParameterName', 'ParameterValue', 'ParameterType'],
  ...['ReportTimestamp,ParameterName,ParameterValue,ParameterType\r\n', '"ReportTimestamp";'],
  ...['Report', 'searchResult', 'Time', 'Device.', 'InternetGatewayDevice.', 'DeviceInfo'],
  ...['{"Report":[', '{"Report":{', ']}', '{"', '":', '[[', '{}', '[]', 'null', 'true', 'false'],
  ...['"__proto__":', '"constructor":{"prototype":', '"toString":1', '"CollectionTime":'],
  ...['{"body":{"request":{"notify":{"event":{"params":{"Data":"', '\\u0000', '\\ud800', '\\"'],
  ...[',', ';', '\t', '|', '||', '"', '""', "'", '\r\n', '\n', '\r', ' ', '\0', '&', '&#13;&#10;'],
  ...['&#13;', '&#10;', '&#xd;', '&quot', '\u{feff}', '\u{f8ff}', '\u{2028}', '\u{10ffff}'],
  ...['0', '-0', '1e400', '-1e400', '1e-400', '18446744073709551616', '9007199254740993', '1.50'],
  ...['1364529149', '1364529149123', '1364529149123456', '"1364529149"', '91753967', '1e17'],
  ...[
    '2026-11-20T21:03:30Z',
    '0001-01-01T00:00:00Z',
    '0001-01-03T03:04:05',
    '9999-12-31T23:59:59Z',
  ],
  ...['2026-11-20T21:03:30CET', '2026-11-20T21:03:30+99:99', '2026-13-45T00:00:00'],
]

export const targetTokens: readonly string[] = [
  ...['?', '&', '=', '%', '%%', '%zz', '%41', '%e4', '%F0%9F%98%80', '/', '//', '+', '#', ';'],
  ...['?oui=00256D', '&pc=Z', '&sn=Y', '&eid=os::00256D-A', '&eid=ops::00256D-My-Box-77', '?eid='],
  ...['&__proto__=x', '&constructor=x', '&bdc_profile=x', '&oui=', 'OUI=', '?tenant=a?', '&&&&'],
]

/** Values that a header can have, by its name in lower case. */
export const headerTokens: Readonly<Record<string, readonly string[]>> = {
  'content-type': [
    'application/json; charset=UTF-8',
    'text/csv; charset=UTF-8; header=present',
    ...['utf-16le', 'utf-16be', 'iso-8859-1', 'iso-2022-jp', 'gb18030', 'utf-7', 'x-user-defined'],
    ...['big5', 'shift_jis', 'euc-kr', 'replacement', 'macintosh', 'ibm866', 'hz-gb-2312', '\0'],
    ...['application/x-www-form-urlencoded', 'text/csv;charset=', 'charset charset=', ''],
  ].map((value) => (/^[\w-]+$|^\0$/.test(value) ? `text/csv; charset="${value}"` : value)),
  'bbf-report-format': [
    ...formats,
    ...formats.map((format) => `"${format}"`),
    ...['"ParameterPerRow", "ParameterPerRow"', 'nameVALUEpair', 'XML', '', ',,,', '__proto__'],
  ],
  'content-encoding': [
    ...['gzip', 'x-gzip', 'deflate', 'compress', 'br', 'identity', 'GZIP', 'gzip, gzip', ''],
    ...['identity, deflate', ' g z i p ', 'deflate, identity'],
  ],
  oui: ['00256D', '', '__proto__'],
  pc: ['Z', 'My-Box'],
  sn: ['Y', '\0'],
}
