/** Where an image's bytes are in the shards of its split. */

interface Shape {
  height: number
  width: number
  channels: number
}

/** Bytes of one packed image: uint8, HWC. */
export function pictureBytesOf({ height, width, channels }: Shape): number {
  return height * width * channels
}

/** A shard, and the range of its split's images in it. */
export interface PlacedShard {
  sha256: string
  /** Index in the split of the shard's first image. */
  first: number
  count: number
}

/** @throws if the shards' counts do not add up to the split's */
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

/** The byte range of one image in a shard. */
export interface PicturePart<Shard> {
  shard: Shard
  /** Start within the shard, in bytes. */
  offset: number
  /** In bytes. */
  length: number
}

/**
 * @param shards  all shards of a split, as `placeShards` returns them
 * @returns null if the split has no image with that index
 */
export function locatePicture<Shard extends Pick<PlacedShard, 'first' | 'count'>>(
  shards: readonly Shard[],
  index: number,
  pictureBytes: number,
): PicturePart<Shard> | null {
  const shard = lastStartingAtOrBefore(shards, index)
  if (!shard || !Number.isInteger(index) || index >= shard.first + shard.count) return null
  return { shard, offset: (index - shard.first) * pictureBytes, length: pictureBytes }
}

/** Binary search: a large split has hundreds of shards, and every image of every batch is looked up here. */
function lastStartingAtOrBefore<Shard extends Pick<PlacedShard, 'first'>>(
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
