import { expect, test } from 'vitest'
import { clientAddress } from '../../src/http/client-address.ts'

const trusted = ['10.0.0.0/8', '::1', '2001:db8::/32']

test.each([
  ['nobody is trusted', [], '10.0.0.1', '192.0.2.1', '10.0.0.1'],
  ['the connection is not from a proxy', trusted, '198.51.100.1', '192.0.2.1', '198.51.100.1'],
  ['no header', trusted, '10.0.0.1', undefined, '10.0.0.1'],
  ['one hop', trusted, '10.0.0.1', '192.0.2.1', '192.0.2.1'],
  ['behind two proxies', trusted, '10.0.0.1', '192.0.2.1, 10.9.9.9', '192.0.2.1'],
  ['what the client wrote itself', trusted, '10.0.0.1', '203.0.113.9, 192.0.2.1', '192.0.2.1'],
  ['IPv4 in IPv6, with a port', trusted, '::ffff:10.0.0.1', '192.0.2.1:5', '192.0.2.1'],
  ['a hop that is no address', trusted, '10.0.0.1', '192.0.2.1, unknown', '10.0.0.1'],
] as const)('X-Forwarded-For: %s', (_what, proxies, peer, value, expected) => {
  const headers = { 'x-forwarded-for': value, forwarded: 'for=6.6.6.6' }
  expect(clientAddress(proxies, 'x-forwarded-for')(peer, headers)).toBe(expected)
})

test.each([
  ['one hop', '10.0.0.1', 'for=192.0.2.2;proto=https', '192.0.2.2'],
  ['IPv6 with a port', '2001:db8::7', 'For="[2001:db9::1]:4711"', '2001:db9::1'],
  ['a last hop without for', '10.0.0.1', 'for=6.6.6.6, by=10.0.0.3', '10.0.0.1'],
])('Forwarded: %s', (_what, peer, forwarded, expected) => {
  const headers = { forwarded, 'x-forwarded-for': '6.6.6.6' }
  expect(clientAddress(trusted, 'forwarded')(peer, headers)).toBe(expected)
})
