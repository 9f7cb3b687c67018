const offsetBasis = 0x811c9dc5
const step = (hash: number, byte: number) => Math.imul(hash ^ byte, 0x01000193)
const encoder = new TextEncoder()

/** FNV-1a, 32 bits, over the UTF-8 bytes of a text. */
export function fnv1a32(text: string): number {
  let hash = offsetBasis
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    // The characters are the bytes for as long as they are ASCII, as most keys are to the end.
    if (code > 0x7f) return encoder.encode(text).reduce(step, offsetBasis) >>> 0
    hash = step(hash, code)
  }
  return hash >>> 0
}

/**
 * The partition of a device: the same on every replica, in every version, for one count.
 * @param key see deviceKey
 */
export const partitionOf = (key: string, partitionCount: number) => fnv1a32(key) % partitionCount
