import { placeShards } from './locate.ts'
import type { AnySplit } from './manifest.ts'

/**
 * Of a split with more, the sample comes from this many, so that a large split need not be fetched whole; where images lie
 * in the order of their labels, it then has fewer classes.
 */
const MOST_SHARDS = 8

type Sampled = Pick<AnySplit, 'count' | 'shards'>

/** Indices of at most so many images, evenly spaced, so that each class has its share where images lie in the order of their labels. */
export function spreadSample(split: Sampled, most: number): number[] {
  const shards = sampledShards(split)
  const count = shards.reduce((sum, shard) => sum + shard.count, 0)
  const indices = spread(count, most)
  const found: number[] = []
  let before = 0
  let at = 0
  for (const { first, count: own } of shards) {
    for (; at < indices.length && (indices[at] as number) < before + own; at++)
      found.push(first + (indices[at] as number) - before)
    before += own
  }
  return found
}

/** The shards that hold the sample, whatever its size. */
export function shardsOfSample(split: Sampled): string[] {
  return sampledShards(split).map(({ sha256 }) => sha256)
}

function sampledShards(split: Sampled) {
  const shards = placeShards(split)
  return spread(shards.length, MOST_SHARDS).flatMap((i) => shards[i] ?? [])
}

/** At most so many of the numbers from 0 to `count`, exclusive, evenly spaced. */
function spread(count: number, most: number): number[] {
  const wanted = Math.min(count, most)
  return Array.from({ length: wanted }, (_, i) => Math.floor(((i + 0.5) * count) / wanted))
}
