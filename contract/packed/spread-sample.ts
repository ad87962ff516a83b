import { placeShards } from './locate.ts'
import type { AnySplit } from './manifest.ts'

type Sampled = Pick<AnySplit, 'count' | 'shards'>

/** How many images of a split an export takes at most. */
export const EXPORT_SAMPLE = { train: 512, test: 2000 } as const
/** The same images each time. */
const SEED = 0x9e3779b9

/**
 * Indices of at most so many images: one, drawn by a seed, of each of as many equal stretches of the split. Each class has
 * its share where images lie in the order of their labels, and where labels take turns, too.
 */
export function spreadSample({ count }: Pick<Sampled, 'count'>, most: number): number[] {
  const wanted = Math.min(count, most)
  const draw = drawsOf(SEED)
  return Array.from({ length: wanted }, (_, i) => {
    const first = Math.ceil((i * count) / wanted)
    const end = Math.ceil(((i + 1) * count) / wanted)
    return first + Math.floor(draw() * (end - first))
  })
}

/** Where in their shard the images of a sample begin, shard by shard; shards without any are left out. */
export function partsOfSample(
  split: Sampled,
  most: number,
  pictureBytes: number,
): { sha256: string; count: number; offsets: number[] }[] {
  const indices = spreadSample(split, most)
  let at = 0
  return placeShards(split).flatMap(({ sha256, first, count }) => {
    const offsets: number[] = []
    for (; at < indices.length && (indices[at] as number) < first + count; at++)
      offsets.push(((indices[at] as number) - first) * pictureBytes)
    return offsets.length > 0 ? [{ sha256, count, offsets }] : []
  })
}

/** Numbers from 0 to 1, exclusive: mulberry32. */
function drawsOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
