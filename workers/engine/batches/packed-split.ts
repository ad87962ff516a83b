import { close, fstatSync, openSync, read, readFileSync } from 'node:fs'
import type {
  IdentifiedSplit,
  PackedDataset,
  PackedSplit as SplitManifest,
} from '../../../contract/packed-dataset.ts'

export type SplitName = 'train' | 'test' | 'query' | 'gallery'

interface OpenShard {
  descriptor: number
  /** Index of its first picture in the split. */
  first: number
  count: number
}

/** One split of a packed dataset, read picture by picture from its files. */
export class PackedSplit {
  /** Class indices; of `query` and `gallery` the identities. */
  readonly labels: Int32Array
  /** Bytes of one picture. */
  readonly pictureSize: number
  private readonly shards: OpenShard[]

  private constructor(labels: Int32Array, pictureSize: number, shards: OpenShard[]) {
    this.labels = labels
    this.pictureSize = pictureSize
    this.shards = shards
  }

  get count(): number {
    return this.labels.length
  }

  /**
   * @param blobPaths local file of every blob, by hash
   * @throws Error where a file is missing, or is not as long as the manifest says, or a label is out of range
   */
  static open(dataset: PackedDataset, name: SplitName, blobPaths: Record<string, string>): PackedSplit {
    const split = (dataset.splits as Partial<Record<SplitName, SplitManifest | IdentifiedSplit>>)[name]
    if (!split) throw new Error(`a dataset for ${dataset.kind} has no ${name} pictures`)
    const { count, shards } = split
    const pictureSize = dataset.height * dataset.width * dataset.channels
    const labels =
      'labelsSha256' in split
        ? readLabels(split.labelsSha256, blobPaths, count, dataset.classes.length)
        : readNumbers(split.identitiesSha256, blobPaths, count)
    let first = 0
    const open = shards.map((shard) => {
      const descriptor = openSync(pathOf(shard.sha256, blobPaths), 'r')
      requireSize(shard.sha256, fstatSync(descriptor).size, shard.count * pictureSize)
      const result = { descriptor, first, count: shard.count }
      first += shard.count
      return result
    })
    if (first !== count)
      throw new Error(`the shards of ${name} hold ${first} pictures, the manifest says ${count}`)
    return new PackedSplit(labels, pictureSize, open)
  }

  /**
   * Reads pictures one behind the other into `target`. The reading is done by threads of its own, so it goes on while
   * a training step blocks the event loop.
   */
  async readPictures(indices: ArrayLike<number>, target: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      let pending = indices.length
      const done = (error: Error | null) => {
        if (error) reject(error)
        else if (--pending === 0) resolve()
      }
      for (let i = 0; i < indices.length; i++)
        this.readPicture(indices[i] as number, target, i * this.pictureSize, done)
    })
  }

  close(): void {
    for (const { descriptor } of this.shards) close(descriptor)
  }

  private readPicture(
    index: number,
    target: Uint8Array,
    offset: number,
    done: (error: Error | null) => void,
  ): void {
    const shard = this.shards.findLast(({ first }) => first <= index)
    if (!shard || index >= shard.first + shard.count) throw new RangeError(`there is no picture ${index}`)
    const position = (index - shard.first) * this.pictureSize
    read(shard.descriptor, target, offset, this.pictureSize, position, (error, bytesRead) => {
      if (!error && bytesRead < this.pictureSize) done(new Error(`picture ${index} is cut off in its file`))
      else done(error)
    })
  }
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
  return Int32Array.from({ length: count }, (_, i) => bytes.readInt32LE(4 * i))
}

function pathOf(sha256: string, blobPaths: Record<string, string>): string {
  const path = blobPaths[sha256]
  if (!path) throw new Error(`no file was given for the blob ${sha256}`)
  return path
}

function requireSize(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${what} should have ${expected} bytes and has ${actual}`)
}
