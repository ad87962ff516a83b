/** Where an image's bytes lie in the shards of its split. */

interface Shape {
  height: number
  width: number
  channels: number
}

/** Bytes of one packed image: uint8, HWC. */
export function pictureBytesOf({ height, width, channels }: Shape): number {
  return height * width * channels
}

/** A shard, and which of its split's images it holds. */
export interface PlacedShard {
  sha256: string
  /** Index in the split of its first image. */
  first: number
  count: number
}

/** @throws Error where the shards do not hold as many images as the split is said to have */
export function placeShards({
  count,
  shards,
}: {
  count: number
  shards: readonly { sha256: string; count: number }[]
}): PlacedShard[] {
  let first = 0
  const placed = shards.map((shard) => {
    const place = { sha256: shard.sha256, first, count: shard.count }
    first += shard.count
    return place
  })
  if (first !== count) throw new Error(`the shards hold ${first} images, the manifest says ${count}`)
  return placed
}

/** The part of a shard that is one image. */
export interface PicturePart<Shard> {
  shard: Shard
  /** Where in the shard it begins, in bytes. */
  offset: number
  /** In bytes. */
  length: number
}

/**
 * @param shards  all of a split, as `placeShards` returns them
 * @returns null where the split has no image of that index
 */
export function locatePicture<Shard extends Pick<PlacedShard, 'first' | 'count'>>(
  shards: readonly Shard[],
  index: number,
  pictureBytes: number,
): PicturePart<Shard> | null {
  const shard = lastBeginningBefore(shards, index)
  if (!shard || !Number.isInteger(index) || index >= shard.first + shard.count) return null
  return { shard, offset: (index - shard.first) * pictureBytes, length: pictureBytes }
}

/** A large split has hundreds of shards, and every image of every batch is looked up here. */
function lastBeginningBefore<Shard extends Pick<PlacedShard, 'first'>>(
  shards: readonly Shard[],
  index: number,
): Shard | undefined {
  let [begin, end] = [0, shards.length]
  while (begin < end) {
    const middle = (begin + end) >>> 1
    if ((shards[middle] as Shard).first <= index) begin = middle + 1
    else end = middle
  }
  return shards[begin - 1]
}
