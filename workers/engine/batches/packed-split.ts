import { close, fstatSync, openSync, read, readFileSync } from 'node:fs'
import {
  locatePicture,
  type PlacedShard,
  pictureBytesOf,
  placeShards,
} from '../../../contract/packed/locate.ts'
import {
  type AnySplit,
  numbersOf,
  type PackedDataset,
  type SplitName,
  splitNamed,
} from '../../../contract/packed/manifest.ts'
import { NUMBER_BYTES, parseNumbers } from '../../../contract/packed/numbers.ts'

/** Shards that are still on their way to this machine. */
export interface RemoteShards {
  /** The shard's file, once it is here. */
  pathOf(sha256: string): string | undefined
  /** Parts of a shard, each of `length` bytes, one behind the other. */
  read(sha256: string, offsets: number[], length: number): Promise<Uint8Array>
}

interface Shard extends PlacedShard {
  /** Null while the shard is on its way. */
  descriptor: number | null
}

/** An image to read: where it begins in its shard, in bytes, and its place in the target. */
interface Wanted {
  offset: number
  place: number
}

/** One split of a packed dataset, read image by image from its files. */
export class PackedSplit {
  /** Class indices; of `query` and `gallery` the identities. */
  readonly labels: Int32Array
  /** Bytes of one image. */
  readonly pictureSize: number
  private readonly shards: Shard[]
  private readonly remote: RemoteShards | undefined

  private constructor(
    labels: Int32Array,
    pictureSize: number,
    shards: Shard[],
    remote: RemoteShards | undefined,
  ) {
    this.labels = labels
    this.pictureSize = pictureSize
    this.shards = shards
    this.remote = remote
  }

  get count(): number {
    return this.labels.length
  }

  /**
   * @param blobPaths local file of every blob, by hash
   * @param remote   where shards come from that have no file yet
   * @throws Error where a file is missing, or is not as long as the manifest says, or a label is out of range
   */
  static open(
    dataset: PackedDataset,
    name: SplitName,
    blobPaths: Record<string, string>,
    remote?: RemoteShards,
  ): PackedSplit {
    const split = splitNamed(dataset, name)
    if (!split) throw new Error(`a dataset for ${dataset.kind} has no ${name} images`)
    const labels = readLabels(split, blobPaths, dataset.classes.length)
    const pictureSize = pictureBytesOf(dataset)
    const shards = placeShards(split).map((shard) => {
      const isRemote = remote && blobPaths[shard.sha256] === undefined
      const file = isRemote ? null : pathOf(shard.sha256, blobPaths)
      const descriptor = file === null ? null : openShard(file, shard.sha256, shard.count * pictureSize)
      return { ...shard, descriptor }
    })
    return new PackedSplit(labels, pictureSize, shards, remote)
  }

  /**
   * Reads images one behind the other into `target`. The reading is done by threads of its own, so it goes on
   * while a training step blocks the event loop.
   */
  async readPictures(indices: ArrayLike<number>, target: Uint8Array): Promise<void> {
    const byShard = new Map<Shard, Wanted[]>()
    for (let place = 0; place < indices.length; place++) {
      const { shard, offset } = this.locate(indices[place] as number)
      const wanted = byShard.get(shard) ?? []
      byShard.set(shard, wanted)
      wanted.push({ offset, place })
    }
    await Promise.all(
      [...byShard].map(([shard, wanted]) => {
        const descriptor = this.descriptorOf(shard)
        return descriptor === null
          ? this.askFor(shard, wanted, target)
          : this.readFrom(descriptor, wanted, target)
      }),
    )
  }

  close(): void {
    for (const { descriptor } of this.shards) if (descriptor !== null) close(descriptor)
  }

  private locate(index: number): { shard: Shard; offset: number } {
    const part = locatePicture(this.shards, index, this.pictureSize)
    if (!part) throw new RangeError(`there is no image ${index}`)
    return part
  }

  /** Null while the shard is on its way. */
  private descriptorOf(shard: Shard): number | null {
    const file = shard.descriptor === null ? this.remote?.pathOf(shard.sha256) : undefined
    if (file) shard.descriptor = openShard(file, shard.sha256, shard.count * this.pictureSize)
    return shard.descriptor
  }

  private readFrom(descriptor: number, wanted: readonly Wanted[], target: Uint8Array): Promise<void> {
    const size = this.pictureSize
    return new Promise((resolve, reject) => {
      let pending = wanted.length
      for (const { offset, place } of wanted)
        read(descriptor, target, place * size, size, offset, (error, bytesRead) => {
          if (error) reject(error)
          else if (bytesRead < size) reject(new Error(`the file of a shard ends in the image at ${offset}`))
          else if (--pending === 0) resolve()
        })
    })
  }

  private async askFor({ sha256 }: Shard, wanted: readonly Wanted[], target: Uint8Array): Promise<void> {
    const size = this.pictureSize
    const offsets = wanted.map(({ offset }) => offset)
    if (!this.remote) throw new Error(`no file was given for the blob ${sha256}`)
    const bytes = await this.remote.read(sha256, offsets, size)
    requireSize(`what was asked for of ${sha256}`, bytes.length, wanted.length * size)
    for (const [i, { place }] of wanted.entries())
      target.set(bytes.subarray(i * size, (i + 1) * size), place * size)
  }
}

function openShard(file: string, sha256: string, byteLength: number): number {
  const descriptor = openSync(file, 'r')
  requireSize(sha256, fstatSync(descriptor).size, byteLength)
  return descriptor
}

/** @throws Error where a label is no class */
function readLabels(split: AnySplit, blobPaths: Record<string, string>, classes: number): Int32Array {
  const { are, sha256 } = numbersOf(split)
  const labels = readNumberBlob(sha256, blobPaths, split.count)
  if (are === 'IDENTITIES') return labels
  const wrong = labels.findIndex((label) => label < 0 || label >= classes)
  if (wrong >= 0)
    throw new Error(`image ${wrong} has the label ${labels[wrong]}, but there are ${classes} classes`)
  return labels
}

/**
 * A number of every image of a split: labels, identities or cameras.
 * @throws Error where there are not so many
 */
export function readNumberBlob(sha256: string, blobPaths: Record<string, string>, count: number): Int32Array {
  const bytes = readFileSync(pathOf(sha256, blobPaths))
  requireSize('the labels', bytes.length, count * NUMBER_BYTES)
  return parseNumbers(bytes)
}

function pathOf(sha256: string, blobPaths: Record<string, string>): string {
  const path = blobPaths[sha256]
  if (!path) throw new Error(`no file was given for the blob ${sha256}`)
  return path
}

function requireSize(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${what} should have ${expected} bytes and has ${actual}`)
}
