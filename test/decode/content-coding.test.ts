import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decodeContent } from '../../src/decode/content-coding.ts'
import { Deviations } from '../../src/report/deviation.ts'

const report = '{"Report":[{"CollectionTime":1364529149,"UpTime":42}]}'
const body = Buffer.from(report)
const limits = { inflatedLimitBytes: 4 * 2 ** 20, inflatedRatioLimit: 200 }

async function decode(bytes: Buffer, label?: string, given = limits) {
  const met = new Deviations()
  const decoded = await decodeContent(bytes, label, given, met)
  return { text: decoded.toString(), met: [...met] }
}

/** With another checksum than its own. */
function damaged(member: Buffer): Buffer {
  member.writeUInt32LE(0, member.length - 8)
  return member
}

const twoMembers = Buffer.concat([gzipSync(body.subarray(0, 10)), gzipSync(body.subarray(10))])

describe('the bytes decide, the label is a hint', () => {
  test.each([
    ['plain', body, undefined, []],
    ['plain, labelled identity', body, 'identity', []],
    ['gzip', gzipSync(body), 'gzip', []],
    ['gzip of two members', twoMembers, 'gzip', []],
    ['x-gzip, in capitals', gzipSync(body), ' X-GZIP ', []],
    ['gzip, identity', gzipSync(body), 'gzip, identity', []],
    ['deflate (zlib)', deflateSync(body), 'deflate', []],
    ['deflate (raw)', deflateRawSync(body), 'deflate', ['coding-raw-deflate']],
    ['gzip without a label', gzipSync(body), undefined, ['coding-unlabelled']],
    ['zlib without a label', deflateSync(body), undefined, ['coding-unlabelled']],
    ['gzip labelled deflate', gzipSync(body), 'deflate', ['coding-wrong']],
    ['zlib labelled gzip', deflateSync(body), 'gzip', ['coding-wrong']],
    ['plain labelled gzip (obuspa, iopsys)', body, 'gzip', ['coding-plain']],
    ['plain labelled deflate (iopsys)', body, 'deflate', ['coding-plain']],
    ['plain labelled compress (iopsys)', body, 'compress', ['coding-plain']],
    ['plain labelled with something else', body, 'utf-8', ['coding-plain']],
  ])('%s', async (_what, bytes, label, met) => {
    expect(await decode(bytes, label)).toEqual({ text: report, met })
  })

  test('plain text that begins like zlib is plain text', async () => {
    const text = 'x^2,ReportTimestamp\n1,2\n'
    expect(await decode(Buffer.from(text))).toEqual({ text, met: [] })
  })

  test('CSV labelled deflate is not taken for raw deflate', async () => {
    const text = 'ReportTimestamp,A\n1364529149,1\n'
    expect(await decode(Buffer.from(text), 'deflate')).toEqual({ text, met: ['coding-plain'] })
  })
})

describe('what cannot be undone', () => {
  test.each([
    ['truncated gzip', gzipSync(body).subarray(0, 30), 'gzip', 'BDC_CODING_CORRUPT'],
    ['gzip with a wrong checksum', damaged(gzipSync(body)), 'gzip', 'BDC_CODING_CORRUPT'],
    ['neither gzip nor text', Buffer.from([1, 2, 3, 0]), 'gzip', 'BDC_CODING_CORRUPT'],
    ['truncated zlib', deflateSync(body).subarray(0, -6), 'deflate', 'BDC_CODING_CORRUPT'],
    ['LZW', Buffer.from([0x1f, 0x9d, 0x90, 0x7b, 0x00]), 'compress', 'BDC_CODING_UNSUPPORTED'],
    ['bytes under br', Buffer.from([0x0b, 0x02, 0x80, 0x00]), 'br', 'BDC_CODING_UNSUPPORTED'],
  ])('%s', async (_what, bytes, label, code) => {
    await expect(decode(bytes, label)).rejects.toThrow(expect.objectContaining({ code }))
  })
})

describe('limits hold while inflating', () => {
  const edge = 2 * 2 ** 20

  test.each([
    ['small enough to be inflated at once', Buffer.alloc(edge, 'a')],
    ['too large for that', Buffer.from(Array.from({ length: edge }, (_, i) => (i * i * 31) % 251))],
  ])('at the edge of the size, %s', async (_what, plain) => {
    const bytes = gzipSync(plain)
    const given = { inflatedLimitBytes: edge, inflatedRatioLimit: 1e6 }
    expect((await decode(bytes, 'gzip', given)).text).toHaveLength(plain.toString().length)
    await expect(decode(bytes, 'gzip', { ...given, inflatedLimitBytes: edge - 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'BDC_INFLATED_TOO_LARGE' }),
    )
  })

  test('at the edge of the ratio', async () => {
    const bytes = gzipSync(Buffer.alloc(edge, 'a'))
    const ratio = Math.ceil(edge / bytes.length)
    const given = { inflatedLimitBytes: 2 ** 30, inflatedRatioLimit: ratio }
    expect((await decode(bytes, 'gzip', given)).text).toHaveLength(edge)
    await expect(
      decode(bytes, 'gzip', { ...given, inflatedRatioLimit: ratio - 1 }),
    ).rejects.toThrow(expect.objectContaining({ code: 'BDC_INFLATED_TOO_LARGE' }))
  })
})
