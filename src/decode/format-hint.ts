import { type Format, formats } from '../report/report.ts'
import type { Upload } from '../report/transfer.ts'

/** What an upload's headers claim of its body: believed only where the body leaves a doubt. */
export interface FormatHint {
  readonly format: Format | undefined
  readonly csv: boolean
}

const byLowerCase = new Map(formats.map((format) => [format.toLowerCase(), format]))

/**
 * BBF-Report-Format is a token in the text of the standard and a quoted string in its example
 * (R-BULK.8): iopsys and Casa send quotes, OB-USP-AGENT sends none.
 */
export function formatHint(headers: Upload['headers']): FormatHint {
  const claimed = String(headers['bbf-report-format'] ?? '').replace(/["\s]/g, '')
  const format = byLowerCase.get(claimed.toLowerCase())
  const csv =
    format === 'ParameterPerRow' ||
    format === 'ParameterPerColumn' ||
    /^text\/csv\b/i.test(String(headers['content-type'] ?? ''))
  return { format, csv }
}
