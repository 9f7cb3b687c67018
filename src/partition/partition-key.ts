/** FNV-1a, 32 bits, over the UTF-8 bytes of a text. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of utf8(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/**
 * The partition of a device: the same on every replica, in every version, for one count.
 * @param key see deviceKey
 */
export const partitionOf = (key: string, partitionCount: number) => fnv1a32(key) % partitionCount

const encoder = new TextEncoder()
const utf8 = (text: string) => encoder.encode(text)
