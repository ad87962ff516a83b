import { createHash } from 'node:crypto'

/** A random stream that depends on its key alone. */
export interface Generator {
  /** In [0, 1), with 32 random bits. */
  uniform(): number
  /** An integer in [0, end). */
  integer(end: number): number
  /** From the standard normal distribution. */
  normal(): number
}

/**
 * xoshiro128** (Blackman and Vigna), seeded with the SHA-256 of the key, so that streams of different keys
 * are independent: draws of one student or epoch never affect those of another.
 */
export function createGenerator(...key: (string | number)[]): Generator {
  const digest = createHash('sha256').update(JSON.stringify(key)).digest()
  const state = Uint32Array.from({ length: 4 }, (_, i) => digest.readUInt32LE(4 * i))
  const uniform = () => nextUint32(state) / 2 ** 32
  return { uniform, integer: (end) => Math.floor(uniform() * end), normal: normalFrom(uniform) }
}

/** A permutation of 0 to count - 1, by Fisher and Yates's shuffle. */
export function drawPermutation(count: number, random: Generator): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const moved = order[i] as number
    order[i] = order[j] as number
    order[j] = moved
  }
  return order
}

function nextUint32(state: Uint32Array): number {
  const [s0, s1, s2, s3] = state as unknown as [number, number, number, number]
  const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0
  const t2 = s2 ^ s0
  const t3 = s3 ^ s1
  state[1] = s1 ^ t2
  state[0] = s0 ^ t3
  state[2] = t2 ^ (s1 << 9)
  state[3] = rotateLeft(t3, 11)
  return result
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits))
}

/** The Box-Muller transform, which yields two numbers at a time. */
function normalFrom(uniform: () => number): () => number {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    // 1 - u is in (0, 1], so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}
