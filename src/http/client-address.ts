import { BlockList, isIP, isIPv6 } from 'node:net'

/** Tells the address of the device behind a connection. */
export type ClientAddress = (
  peer: string,
  headers: Readonly<Record<string, string | undefined>>,
) => string

/**
 * The address of the device: that of the connection, unless it is a trusted proxy's. Then the
 * last hop of its header that is not a trusted proxy itself: what stands before it anybody could
 * have written. A hop that names no address ends the search.
 * @param trusted addresses and networks, such as `10.0.0.0/8`
 * @param header the one that these proxies write; the other one could be the client's own
 */
export function clientAddress(
  trusted: readonly string[],
  header: 'x-forwarded-for' | 'forwarded',
): ClientAddress {
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
    for (const hop of hops(headers[header] ?? '', header).reverse()) {
      if (!isProxy(client) || isIP(hop) === 0) break
      client = hop
    }
    return client
  }
}

/** X-Forwarded-For, or the `for` parameters of Forwarded (RFC 7239). */
function hops(value: string, header: 'x-forwarded-for' | 'forwarded'): string[] {
  const list = value.split(',')
  return header === 'x-forwarded-for'
    ? list.map(plainAddress)
    : list.map((hop) => plainAddress(/(?:^|;)\s*for\s*=\s*"?([^";]*)/i.exec(hop)?.[1] ?? ''))
}

/** Without port, brackets and the prefix of IPv4 in IPv6. */
function plainAddress(text: string): string {
  const trimmed = text.trim()
  const bracketed = /^\[([^\]]*)\]/.exec(trimmed)?.[1]
  const address = bracketed ?? (/^[\d.]+:\d+$/.test(trimmed) ? trimmed.split(':')[0] : trimmed)
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
}
