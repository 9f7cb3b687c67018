/**
 * What real agents do other than the standard says, and the clause that says it. None of it is
 * refused; each is counted by code, and `bdc explain` names it.
 * A = USP TR-369 Annex A (the same as TR-069 Annex N), DM = TR-181 Device.BulkData.
 */
export const deviations = {
  'target-second-question-mark': ['A R-BULK.1', 'the query was appended to a URL that has one'],
  'target-no-question-mark': ['A R-BULK.1', 'a query begins with & instead of ?'],
  'target-bad-escape': ['RFC 3986 2.1', 'a percent-escape in the target is broken'],

  'identity-missing': ['A R-BULK.1', 'nothing says which device this is'],
  'identity-partial': ['A R-BULK.1', 'oui, pc and sn are not all there, and no eid'],
  'identity-not-in-query': ['A R-BULK.1', 'the device is known from elsewhere than the query'],
  'identity-conflict': ['A R-BULK.1', 'two places name different devices'],

  'content-type-missing': ['A R-BULK.7', 'no Content-Type'],
  'content-type-wrong': ['A R-BULK.7', 'the Content-Type is not that of the body'],
  'charset-missing': ['A R-BULK.7', 'the Content-Type names no charset'],
  'charset-unknown': ['A R-BULK.7', 'the declared charset is not known; read as UTF-8'],
  'charset-not-utf8': ['RFC 8259 8.1', 'the body is declared to be in another charset than UTF-8'],
  'charset-invalid-bytes': ['RFC 3629', 'bytes that are not of the charset were replaced'],
  'byte-order-mark': ['RFC 8259 8.1', 'the body begins with a byte order mark'],

  'format-header-missing': ['A R-BULK.8', 'no BBF-Report-Format'],
  'format-header-quoted': ['A R-BULK.8', 'BBF-Report-Format is in quotes'],
  'format-header-repeated': ['A R-BULK.8', 'BBF-Report-Format came twice'],
  'format-header-unknown': ['A R-BULK.8', 'BBF-Report-Format names no report format'],
  'format-header-wrong': ['A R-BULK.8', 'BBF-Report-Format is not the format of the body'],

  'coding-plain': ['DM HTTP.Compression', 'a Content-Encoding is declared, the body is plain'],
  'coding-unlabelled': ['DM HTTP.Compression', 'the body is compressed without a label'],
  'coding-wrong': ['DM HTTP.Compression', 'the body is compressed otherwise than declared'],
  'coding-raw-deflate': ['RFC 9110 8.4.1.2', 'deflate without the zlib format around it'],

  'json-no-envelope': ['A JSON Encoded Report', 'no {"Report":[…]} around the reports'],
  'json-other-root': ['A JSON Encoded Report', 'the reports are under another name than Report'],
  'json-single-report': ['A JSON Encoded Report', 'Report is an object instead of an array'],
  'json-item-per-parameter': ['A JSON Encoded Report', 'one array item per parameter (RDK)'],
  'json-array-value': ['A JSON Encoded Report', 'an array where the standard has an object'],
  'json-trailing-nul': ['RFC 8259 2', 'NUL bytes after the end'],
  'json-push-event': ['USP Push!', 'a USP Notify message with the report inside'],

  'csv-field-separator': ['DM CSVEncoding.FieldSeparator', 'fields are not separated by a comma'],
  'csv-row-separator': ['DM CSVEncoding.RowSeparator', 'rows are not ended by CR LF or LF'],
  'csv-row-separator-mixed': ['DM CSVEncoding.RowSeparator', 'rows end in more than one way'],
  'csv-no-row-separator': ['DM CSVEncoding.RowSeparator', 'nothing is between the rows (iopsys)'],
  'csv-stray-quote': ['RFC 4180 2.5', 'a quote that is not escaped'],
  'csv-header-missing': ['A R-BULK.11', 'no header line'],
  'csv-header-repeated': ['A R-BULK.11', 'a header line between the rows'],
  'csv-header-parameter-missing': ['A R-BULK.11', 'the Content-Type has no header=present'],
  'csv-time-column': ['A R-BULK.12', 'the time column is not called ReportTimestamp'],
  'csv-type-column-missing': ['A R-BULK.12', 'no ParameterType column'],
  'csv-unknown-type': ['A R-BULK.13', 'a ParameterType that TR-106 does not know'],
  'csv-value-not-of-type': ['A R-BULK.13', 'a value that is not of its type; kept as sent'],
  'csv-unquoted-separator': ['RFC 4180 2.6', 'a separator inside a value that is not in quotes'],
  'csv-ragged-row': ['RFC 4180 2.4', 'a row with more or fewer cells than the header'],
  'csv-duplicate-column': ['A R-BULK.11', 'two columns or rows of one report have one name'],

  'time-text-epoch': ['DM JSONEncoding.ReportTimestamp', 'Unix time as a text'],
  'time-microseconds': ['DM JSONEncoding.ReportTimestamp', 'Unix time in microseconds'],
  'time-relative': [
    'TR-106 dateTime',
    'a time since boot, or unknown: the time of arrival is used',
  ],
  'time-unreadable': ['DM JSONEncoding.ReportTimestamp', 'not a time: that of arrival is used'],
  'time-no-zone': ['TR-106 dateTime', 'no time zone: read as UTC'],
  'time-zone-abbreviation': ['TR-106 dateTime', 'an abbreviation as time zone'],
  'time-zone-unknown': ['TR-106 dateTime', 'a time zone that is not known: read as UTC'],
  'time-future': ['DM JSONEncoding.ReportTimestamp', 'more than a day ahead of this collector'],
  'time-stale': ['DM HTTP.PersistAcrossReboot', 'more than a week old'],
  'newest-first': ['A Retained Reports', 'the current report is before the retained ones'],
} as const satisfies Record<string, readonly [clause: string, meaning: string]>

export type Deviation = keyof typeof deviations

/** The deviations met while one upload is read. */
export class Deviations implements Iterable<Deviation> {
  #met: Set<Deviation> | undefined

  add(deviation: Deviation): void {
    this.#met ??= new Set()
    this.#met.add(deviation)
  }

  has(deviation: Deviation): boolean {
    return this.#met?.has(deviation) ?? false
  }

  [Symbol.iterator](): Iterator<Deviation> {
    return (this.#met ?? []).values()
  }
}
