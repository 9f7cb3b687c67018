import { expect, test } from 'vitest'
import { InFlight } from '../../src/produce/in-flight.ts'

/** Work that begins when it is let and ends when it is told. */
function createWork(inFlight: InFlight, count: number) {
  const begun: number[] = []
  const gates = Array.from({ length: count }, () => Promise.withResolvers<number>())
  const results = gates.map((gate, index) =>
    inFlight.run(() => {
      begun.push(index)
      return gate.promise
    }),
  )
  return { begun, results, gates }
}

test('lets as many run as the limit says, the others in order as places come free', async () => {
  const { begun, results, gates } = createWork(new InFlight(2), 5)
  await Promise.resolve()
  expect(begun).toEqual([0, 1])
  gates[1]?.resolve(1)
  expect(await results[1]).toBe(1)
  await Promise.resolve()
  expect(begun).toEqual([0, 1, 2])
  gates[0]?.resolve(0)
  gates[2]?.resolve(2)
  await Promise.all([results[0], results[2]])
  await Promise.resolve()
  expect(begun).toEqual([0, 1, 2, 3, 4])
})

test('a failure frees the place and passes on', async () => {
  const inFlight = new InFlight(1)
  const failure = new Error('failed')
  const { begun, results, gates } = createWork(inFlight, 2)
  gates[0]?.reject(failure)
  await expect(results[0]).rejects.toBe(failure)
  gates[1]?.resolve(7)
  expect(await results[1]).toBe(7)
  expect(begun).toEqual([0, 1])
})

test('so does work that throws before it returns a promise', async () => {
  const inFlight = new InFlight(1)
  await expect(
    inFlight.run(() => {
      throw new RangeError('at once')
    }),
  ).rejects.toThrow('at once')
  expect(await inFlight.run(() => Promise.resolve('next'))).toBe('next')
})

test('places that came free while nobody waited are not forgotten, nor counted twice', async () => {
  const inFlight = new InFlight(2)
  const first = createWork(inFlight, 3)
  for (const gate of first.gates) gate.resolve(0)
  await Promise.all(first.results)
  const second = createWork(inFlight, 4)
  await Promise.resolve()
  expect(second.begun).toEqual([0, 1])
  for (const gate of second.gates) gate.resolve(0)
  await Promise.all(second.results)
})

test('a sink without a limit has none', async () => {
  const { begun, results, gates } = createWork(new InFlight(Infinity), 1_000)
  await Promise.resolve()
  expect(begun).toHaveLength(1_000)
  for (const gate of gates) gate.resolve(0)
  await Promise.all(results)
})
