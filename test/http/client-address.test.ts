import { expect, test } from 'vitest'
import { clientAddress } from '../../src/http/client-address.ts'

const trusted = ['10.0.0.0/8', '::1', '2001:db8::/32']

test.each([
  ['nobody is trusted', [], '10.0.0.1', { 'x-forwarded-for': '192.0.2.1' }, '10.0.0.1'],
  [
    'the connection is not from a proxy',
    trusted,
    '198.51.100.1',
    { 'x-forwarded-for': '192.0.2.1' },
    '198.51.100.1',
  ],
  ['no header', trusted, '10.0.0.1', {}, '10.0.0.1'],
  ['X-Forwarded-For', trusted, '10.0.0.1', { 'x-forwarded-for': '192.0.2.1' }, '192.0.2.1'],
  [
    'behind two proxies',
    trusted,
    '10.0.0.1',
    { 'x-forwarded-for': '192.0.2.1, 10.9.9.9' },
    '192.0.2.1',
  ],
  [
    'what the client wrote itself is not believed',
    trusted,
    '10.0.0.1',
    { 'x-forwarded-for': '203.0.113.9, 192.0.2.1' },
    '192.0.2.1',
  ],
  [
    'Forwarded comes first',
    trusted,
    '10.0.0.1',
    { forwarded: 'for=192.0.2.2;proto=https', 'x-forwarded-for': '192.0.2.1' },
    '192.0.2.2',
  ],
  [
    'Forwarded with IPv6 and a port',
    trusted,
    '2001:db8::7',
    { forwarded: 'for="[2001:db9::1]:4711"' },
    '2001:db9::1',
  ],
  ['IPv4 in IPv6', trusted, '::ffff:10.0.0.1', { 'x-forwarded-for': '192.0.2.1:5' }, '192.0.2.1'],
  ['nonsense', trusted, '10.0.0.1', { 'x-forwarded-for': 'unknown' }, 'unknown'],
])('%s', (_what, proxies, peer, headers, expected) => {
  expect(clientAddress(proxies)(peer, headers)).toBe(expected)
})
