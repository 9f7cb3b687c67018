import type { Upload } from '../../src/report/transfer.ts'

/** An upload as the HTTP stage would hand it on, with whatever a test cares about. */
export const buildUpload = (
  given: Partial<Omit<Upload, 'body'>> & { readonly body?: string | Buffer } = {},
): Upload => ({
  method: 'POST',
  target: '/collector',
  headers: {},
  receivedTimeMs: Date.UTC(2026, 10, 21, 3, 4, 5, 678),
  remoteAddress: '192.0.2.1',
  ...given,
  body: Buffer.from(given.body ?? ''),
})
