import { placeShards } from './locate.ts'
import { type AnySplit, type PackedDataset, splitNamed } from './manifest.ts'

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

/** Where in a shard the images of samples begin. */
interface SampledShard {
  sha256: string
  count: number
  offsets: number[]
}

/**
 * Of what an export takes of training and test images, shard by shard; shards without any are left out. Where both have the
 * same images they share a shard, of which each takes others.
 */
export function partsOfSamples(dataset: PackedDataset, pictureBytes: number): SampledShard[] {
  const found = new Map<string, { count: number; offsets: Set<number> }>()
  for (const name of ['train', 'test'] as const) {
    const split = splitNamed(dataset, name)
    if (!split) continue
    for (const { sha256, count, offsets } of partsOfSample(split, EXPORT_SAMPLE[name], pictureBytes)) {
      const known = found.get(sha256)
      if (known) for (const offset of offsets) known.offsets.add(offset)
      else found.set(sha256, { count, offsets: new Set(offsets) })
    }
  }
  return [...found].map(([sha256, { count, offsets }]) => ({ sha256, count, offsets: [...offsets] }))
}

/** The parts of one sample. */
export function partsOfSample(split: Sampled, most: number, pictureBytes: number): SampledShard[] {
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
