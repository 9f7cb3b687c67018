import type { Deviations } from '../report/deviation.ts'
import { type Format, formats } from '../report/report.ts'
import type { Upload } from '../report/transfer.ts'

/** What an upload's headers claim of its body: believed only where the body leaves a doubt. */
export interface FormatHint {
  readonly format: Format | undefined
  readonly mediaType: 'json' | 'csv' | undefined
  /** In lower case. */
  readonly charset: string | undefined
}

const bySpelling = new Map<string, Format>(formats.map((format) => [format, format]))
const byLowerCase = new Map<string, Format>(formats.map((format) => [format.toLowerCase(), format]))

/** Of the headers of an upload, with each departure from R-BULK.7, .8 and .11 noted. */
export function formatHint(headers: Upload['headers'], met: Deviations): FormatHint {
  const { mediaType, charset } = claimedType(headers['content-type'], met)
  return { format: claimedFormat(headers['bbf-report-format'], met), mediaType, charset }
}

/**
 * BBF-Report-Format is a token in the text of the standard and a quoted string in its example
 * (R-BULK.8): iopsys and Casa send quotes, OB-USP-AGENT sends none, RDK sends no such header.
 * Node joins a header that came twice with a comma.
 */
function claimedFormat(header: string | undefined, met: Deviations): Format | undefined {
  if (header === undefined) {
    met.add('format-header-missing')
    return undefined
  }
  const exact = bySpelling.get(header) ?? byLowerCase.get(header.toLowerCase())
  if (exact !== undefined) return exact
  const [token = '', ...more] = header.replace(/["'\s]/g, '').split(',')
  if (more.length > 0) met.add('format-header-repeated')
  else if (/["']/.test(header)) met.add('format-header-quoted')
  const format = byLowerCase.get(token.toLowerCase())
  if (format === undefined) met.add('format-header-unknown')
  return format
}

/** As the standard prints them: most requests have these, known without a closer look. */
const common = new Map<string, Omit<FormatHint, 'format'>>([
  ['application/json; charset=UTF-8', { mediaType: 'json', charset: 'utf-8' }],
  ['text/csv; charset=UTF-8; header=present', { mediaType: 'csv', charset: 'utf-8' }],
])

function claimedType(header: string | undefined, met: Deviations): Omit<FormatHint, 'format'> {
  if (header === undefined) {
    met.add('content-type-missing')
    return { mediaType: undefined, charset: undefined }
  }
  const known = common.get(header)
  if (known !== undefined) return known
  const text = header.toLowerCase()
  const charset = /charset\s*=\s*["']?([^"';\s,]+)/.exec(text)?.[1]
  if (charset === undefined) met.add('charset-missing')
  const mediaType = /^\s*[\w.+-]+\/(?:[\w.-]+\+)?json\b/.test(text)
    ? 'json'
    : /^\s*(?:text|application)\/(?:csv|comma-separated-values)\b/.test(text)
      ? 'csv'
      : undefined
  if (mediaType === undefined) met.add('content-type-wrong')
  if (mediaType === 'csv' && !/header\s*=\s*"?present/.test(text))
    met.add('csv-header-parameter-missing')
  return { mediaType, charset }
}
