import { deflateRawSync, deflateSync, gzipSync, unzipSync } from 'node:zlib'
import type { Upload } from '../../src/report/transfer.ts'
import { bodyTokens, headerTokens, targetTokens } from './dictionary.ts'
import type { Random } from './random.ts'

/** Bodies do not grow beyond this, so that an input takes milliseconds. */
const largestBytes = 256 * 1024

/** One upload of the corpus after one to eight changes. */
export function mutate(corpus: readonly Upload[], random: Random): Upload {
  let upload = random.pick(corpus)
  if (random.below(3) > 0) upload = { ...upload, body: inflated(upload.body) }
  for (let changes = 1 + random.below(8); changes > 0; changes -= 1)
    upload = change(upload, corpus, random)
  if (random.below(6) === 0) upload = { ...upload, body: recompressed(upload.body, random) }
  return { ...upload, body: upload.body.subarray(0, largestBytes) }
}

function change(upload: Upload, corpus: readonly Upload[], random: Random): Upload {
  switch (random.below(8)) {
    case 0:
      return { ...upload, target: spliced(upload.target, random.pick(targetTokens), random) }
    case 1:
      return { ...upload, headers: withOtherHeader(upload.headers, corpus, random) }
    default:
      return { ...upload, body: changedBody(upload.body, corpus, random) }
  }
}

function changedBody(body: Buffer, corpus: readonly Upload[], random: Random): Buffer {
  // JSON hardly ever survives the other changes: three of four leave its syntax alone.
  if ((body[0] === 0x7b || body[0] === 0x5b) && random.below(4) > 0) return retold(body, random)
  const at = random.below(body.length + 1)
  const length = random.below(Math.min(64, body.length - at) + 1)
  const before = body.subarray(0, at)
  const after = body.subarray(at + length)
  switch (random.below(9)) {
    case 0:
      return flipped(body, at, random)
    case 1: {
      const other = inflated(random.pick(corpus).body)
      return Buffer.concat([before, other.subarray(random.below(other.length + 1))])
    }
    case 2:
      return Buffer.from(before)
    case 3:
      return Buffer.concat([before, after])
    case 4: {
      const piece = body.subarray(at, at + random.below(body.length - at + 1))
      const times = 1 + random.below(random.below(20) === 0 ? 200 : 4)
      if (piece.length * times > largestBytes) return body
      return Buffer.concat([before, ...Array.from({ length: times }, () => piece), after])
    }
    case 5:
      return Buffer.from(swapped(body.toString('latin1'), random), 'latin1')
    case 6:
      return Buffer.concat([before, randomBytes(random), after])
    default:
      return Buffer.concat([before, Buffer.from(random.pick(bodyTokens)), after])
  }
}

function flipped(body: Buffer, at: number, random: Random): Buffer {
  const copy = Buffer.from(body)
  if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8))
  return copy
}

/** JSON that stays JSON: some values and keys are others, so that what reads them is reached. */
function retold(body: Buffer, random: Random): Buffer {
  const retell = (key: string, value: unknown): unknown => {
    if (random.below(12) > 0) return value
    switch (random.below(6)) {
      case 0:
        return [value]
      case 1:
        return { [key]: value, [random.pick(bodyTokens)]: value }
      case 2:
        return random.pick(bodyTokens)
      case 3:
        return (random.next() - 0.5) * 10 ** random.below(24)
      case 4:
        return Array.isArray(value) ? (value as unknown[]).concat(value as unknown[]) : null
      default:
        return undefined
    }
  }
  try {
    return Buffer.from(JSON.stringify(JSON.parse(body.toString(), retell) ?? {}))
  } catch {
    return body
  }
}

/** One token of the dialects for another, everywhere or once. */
function swapped(text: string, random: Random): string {
  const present = bodyTokens.filter((token) => text.includes(token))
  if (present.length === 0) return text
  const from = random.pick(present)
  const to = Buffer.from(random.pick(bodyTokens)).toString('latin1')
  return random.below(2) === 0 ? text.replace(from, () => to) : text.replaceAll(from, () => to)
}

const randomBytes = (random: Random) =>
  Buffer.from(Array.from({ length: random.below(16) }, () => random.below(256)))

function spliced(text: string, token: string, random: Random): string {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + token + text.slice(at + random.below(4))
}

function withOtherHeader(
  headers: Upload['headers'],
  corpus: readonly Upload[],
  random: Random,
): Upload['headers'] {
  if (random.below(3) === 0) return random.pick(corpus).headers
  const name = random.pick(Object.keys(headerTokens))
  const value = random.pick(headerTokens[name] ?? [''])
  const known = headers[name]
  switch (random.below(4)) {
    case 0:
      return { ...headers, [name]: undefined }
    case 1:
      return { ...headers, [name]: known === undefined ? value : `${known}, ${value}` }
    case 2:
      return { ...headers, [name]: spliced(known ?? '', value, random) }
    default:
      return { ...headers, [name]: value }
  }
}

function inflated(body: Buffer): Buffer {
  try {
    return unzipSync(body, { maxOutputLength: largestBytes })
  } catch {
    return body
  }
}

function recompressed(body: Buffer, random: Random): Buffer {
  const half = random.below(body.length + 1)
  switch (random.below(5)) {
    case 0:
      return gzipSync(body)
    case 1:
      return deflateSync(body)
    case 2:
      return deflateRawSync(body)
    case 3:
      return Buffer.concat([gzipSync(body.subarray(0, half)), gzipSync(body.subarray(half))])
    default: {
      const whole = gzipSync(body)
      return whole.subarray(0, random.below(whole.length + 1))
    }
  }
}
