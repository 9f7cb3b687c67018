import { BlockList, isIPv6 } from 'node:net'

/** Tells the address of the device behind a connection. */
export type ClientAddress = (
  peer: string,
  headers: Readonly<Record<string, string | undefined>>,
) => string

/**
 * The address of the device: that of the connection, unless it is a trusted proxy's. Then the
 * last hop of Forwarded (RFC 7239) or X-Forwarded-For that is not a trusted proxy itself: what
 * stands before it anybody could have written.
 * @param trusted addresses and networks, such as `10.0.0.0/8`
 */
export function clientAddress(trusted: readonly string[]): ClientAddress {
  if (trusted.length === 0) return (peer) => plainAddress(peer)
  const proxies = new BlockList()
  for (const entry of trusted) {
    const [address = '', prefix] = entry.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (prefix === undefined) proxies.addAddress(address, family)
    else proxies.addSubnet(address, Number(prefix), family)
  }
  const isProxy = (address: string) => proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

  return (peer, headers) => {
    let client = plainAddress(peer)
    for (const hop of hops(headers).reverse()) {
      if (!isProxy(client)) break
      client = hop
    }
    return client
  }
}

function hops(headers: Readonly<Record<string, string | undefined>>): string[] {
  const { forwarded, 'x-forwarded-for': forwardedFor = '' } = headers
  const list =
    forwarded === undefined
      ? forwardedFor.split(',')
      : forwarded.split(',').map((hop) => /for\s*=\s*"?([^";]*)/i.exec(hop)?.[1] ?? '')
  return list.map(plainAddress).filter((address) => address !== '')
}

/** Without port, brackets and the prefix of IPv4 in IPv6. */
function plainAddress(text: string): string {
  const trimmed = text.trim()
  const bracketed = /^\[([^\]]*)\]/.exec(trimmed)?.[1]
  const address = bracketed ?? (/^[\d.]+:\d+$/.test(trimmed) ? trimmed.split(':')[0] : trimmed)
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
}
