import { close, fstatSync, openSync, read, readFileSync } from 'node:fs'
import {
  type IdentifiedSplit,
  type PackedDataset,
  parseNumbers,
  type PackedSplit as SplitManifest,
} from '../../../contract/packed/manifest.ts'

export type SplitName = 'train' | 'test' | 'query' | 'gallery'

/** Shards that are still on their way to this machine. */
export interface DistantShards {
  /** The shard's file, once it is here. */
  pathOf(sha256: string): string | undefined
  /** Parts of a shard, each of `length` bytes, one behind the other. */
  read(sha256: string, offsets: number[], length: number): Promise<Uint8Array>
}

interface Shard {
  sha256: string
  /** Null while the shard is on its way. */
  descriptor: number | null
  /** Index of its first picture in the split. */
  first: number
  count: number
}

/** A picture to read: which of its shard, and the place in the target. */
interface Wanted {
  picture: number
  place: number
}

/** One split of a packed dataset, read picture by picture from its files. */
export class PackedSplit {
  /** Class indices; of `query` and `gallery` the identities. */
  readonly labels: Int32Array
  /** Bytes of one picture. */
  readonly pictureSize: number
  private readonly shards: Shard[]
  private readonly distant: DistantShards | undefined

  private constructor(
    labels: Int32Array,
    pictureSize: number,
    shards: Shard[],
    distant: DistantShards | undefined,
  ) {
    this.labels = labels
    this.pictureSize = pictureSize
    this.shards = shards
    this.distant = distant
  }

  get count(): number {
    return this.labels.length
  }

  /**
   * @param blobPaths local file of every blob, by hash
   * @param distant   where shards come from that have no file yet
   * @throws Error where a file is missing, or is not as long as the manifest says, or a label is out of range
   */
  static open(
    dataset: PackedDataset,
    name: SplitName,
    blobPaths: Record<string, string>,
    distant?: DistantShards,
  ): PackedSplit {
    const split = (dataset.splits as Partial<Record<SplitName, SplitManifest | IdentifiedSplit>>)[name]
    if (!split) throw new Error(`a dataset for ${dataset.kind} has no ${name} pictures`)
    const { count, shards } = split
    const pictureSize = dataset.height * dataset.width * dataset.channels
    const labels =
      'labelsSha256' in split
        ? readLabels(split.labelsSha256, blobPaths, count, dataset.classes.length)
        : readNumbers(split.identitiesSha256, blobPaths, count)
    let first = 0
    const placed = shards.map(({ sha256, count }) => {
      const isDistant = distant && blobPaths[sha256] === undefined
      const file = isDistant ? null : pathOf(sha256, blobPaths)
      const descriptor = file === null ? null : openShard(file, sha256, count * pictureSize)
      const shard = { sha256, descriptor, first, count }
      first += count
      return shard
    })
    if (first !== count)
      throw new Error(`the shards of ${name} hold ${first} pictures, the manifest says ${count}`)
    return new PackedSplit(labels, pictureSize, placed, distant)
  }

  /**
   * Reads pictures one behind the other into `target`. The reading is done by threads of its own, so it goes on while
   * a training step blocks the event loop.
   */
  async readPictures(indices: ArrayLike<number>, target: Uint8Array): Promise<void> {
    const byShard = new Map<Shard, Wanted[]>()
    for (let place = 0; place < indices.length; place++) {
      const index = indices[place] as number
      const shard = this.shardOf(index)
      const wanted = byShard.get(shard) ?? []
      byShard.set(shard, wanted)
      wanted.push({ picture: index - shard.first, place })
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

  private shardOf(index: number): Shard {
    const shard = this.shards.findLast(({ first }) => first <= index)
    if (!shard || index >= shard.first + shard.count) throw new RangeError(`there is no picture ${index}`)
    return shard
  }

  /** Null while the shard is on its way. */
  private descriptorOf(shard: Shard): number | null {
    const file = shard.descriptor === null ? this.distant?.pathOf(shard.sha256) : undefined
    if (file) shard.descriptor = openShard(file, shard.sha256, shard.count * this.pictureSize)
    return shard.descriptor
  }

  private readFrom(descriptor: number, wanted: readonly Wanted[], target: Uint8Array): Promise<void> {
    const size = this.pictureSize
    return new Promise((resolve, reject) => {
      let pending = wanted.length
      for (const { picture, place } of wanted)
        read(descriptor, target, place * size, size, picture * size, (error, bytesRead) => {
          if (error) reject(error)
          else if (bytesRead < size) reject(new Error(`picture ${picture} of a shard is cut off in its file`))
          else if (--pending === 0) resolve()
        })
    })
  }

  private async askFor({ sha256 }: Shard, wanted: readonly Wanted[], target: Uint8Array): Promise<void> {
    const size = this.pictureSize
    const offsets = wanted.map(({ picture }) => picture * size)
    const bytes = await this.distant!.read(sha256, offsets, size)
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

function readLabels(
  sha256: string,
  blobPaths: Record<string, string>,
  count: number,
  classes: number,
): Int32Array {
  const labels = readNumbers(sha256, blobPaths, count)
  const wrong = labels.findIndex((label) => label < 0 || label >= classes)
  if (wrong >= 0)
    throw new Error(`picture ${wrong} has the label ${labels[wrong]}, but there are ${classes} classes`)
  return labels
}

/** A number of every picture of a split: labels, identities or cameras. @throws Error where there are not so many */
export function readNumbers(sha256: string, blobPaths: Record<string, string>, count: number): Int32Array {
  const bytes = readFileSync(pathOf(sha256, blobPaths))
  requireSize('the labels', bytes.length, count * 4)
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
