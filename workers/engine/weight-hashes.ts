/** Hashes of the students' weights along a training, by which another training of the same order is compared with it. */
import { createHash } from 'node:crypto'

/** The first step after which weights are hashed, and by what later ones are further apart. */
const FACTOR = 10

/** The next step after which weights are hashed: 1, 10, 100 and so on, and the last. */
export function nextHashAfter(step: number, lastStep: number): number {
  let next = 1
  while (next <= step) next *= FACTOR
  return Math.min(next, lastStep)
}

export function isHashDue(step: number, lastStep: number): boolean {
  return step === nextHashAfter(step - 1, lastStep)
}

/** The first 32 digits of each tensor's SHA-256, by the tensor's name. */
export function hashWeights(weights: ReadonlyMap<string, Float32Array>): Record<string, string> {
  return Object.fromEntries(
    [...weights].map(([name, { buffer, byteOffset, byteLength }]) => [
      name,
      createHash('sha256')
        .update(new Uint8Array(buffer, byteOffset, byteLength))
        .digest('hex')
        .slice(0, 32),
    ]),
  )
}
