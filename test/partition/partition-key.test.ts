import { describe, expect, test } from 'vitest'
import { fnv1a32, partitionOf } from '../../src/partition/partition-key.ts'

describe('fnv1a32', () => {
  // The vectors that the authors of FNV published.
  test.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['b', 0xe70c2de5],
    ['foobar', 0xbf9cf968],
  ])('of %j', (text, hash) => {
    expect(fnv1a32(text)).toBe(hash)
  })

  test('goes over the UTF-8 bytes, not over the characters', () => {
    const bytes = [0xc3, 0xa9, 0xe6, 0x9d, 0xb1, 0xf0, 0x9f, 0x93, 0xa1]
    let hash = 0x811c9dc5n
    for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x01000193n) % 2n ** 32n
    expect(fnv1a32('é東📡')).toBe(Number(hash))
  })
})

describe('partitionOf', () => {
  // Pinned: were one of them to change, the devices of a running fleet would change partitions.
  test.each([
    ['00256D-Z-Y', 8, 3],
    ['00256D-Z-Y', 32, 11],
    ['0005B9-STB-0123456789', 8, 7],
    ['os::012345-6789', 8, 7],
    ['os::012345-6789', 5, 3],
    ['', 8, 5],
  ])('of %j among %i', (key, count, partition) => {
    expect(partitionOf(key, count)).toBe(partition)
  })

  test('is a partition for every hash, also those above 2^31', () => {
    const keys = Array.from({ length: 1_000 }, (_, index) => `00256D-Z-${index}`)
    expect(keys.some((key) => fnv1a32(key) >= 2 ** 31)).toBe(true)
    const partitions = new Set(keys.map((key) => partitionOf(key, 7)))
    expect([...partitions].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6])
  })
})
