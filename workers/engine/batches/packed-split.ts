import { close, fstatSync, openSync, read, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
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
import { NUMBER_BYTES, noLabels, parseNumbers } from '../../../contract/packed/numbers.ts'

/** Shards that have not been downloaded to this machine yet. */
export interface RemoteShards {
  /** The shard's local file, once downloaded. */
  pathOf(sha256: string): string | undefined
  /** Reads parts of a shard, `length` bytes each, and returns them concatenated. */
  read(sha256: string, offsets: number[], length: number): Promise<Uint8Array>
}

interface Shard extends PlacedShard {
  /** Null until the shard has been downloaded. */
  descriptor: number | null
}

/** An image to read: its byte offset in its shard, and its index in the target. */
interface WantedPicture {
  offset: number
  place: number
}

/** One split of a packed dataset, with random access to its images. */
export class PackedSplit {
  /** Class indices, identities for `query` and `gallery`, UNLABELLED for `unlabelled`. */
  readonly labels: Int32Array
  /** Bytes per image. */
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
   * @param remote source of shards that have no file yet
   * @throws if a file is missing or does not have the size that the manifest states, or a label is out of
   * range
   */
  static open(
    dataset: PackedDataset,
    name: SplitName,
    blobPaths: Record<string, string>,
    remote?: RemoteShards,
  ): PackedSplit {
    const split = splitNamed(dataset, name)
    if (!split) throw new Error(`the dataset has no ${name} images`)
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
   * Reads images into `target`, one after another. Node's thread pool does the reading, so it continues while
   * a training step blocks the event loop.
   */
  async readPictures(indices: ArrayLike<number>, target: Uint8Array): Promise<void> {
    const byShard = new Map<Shard, WantedPicture[]>()
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
          ? this.requestParts(shard, wanted, target)
          : this.readFrom(descriptor, wanted, target)
      }),
    )
  }

  /** Whether every shard lies on this machine. */
  get isLocal(): boolean {
    return this.shards.every((shard) => this.descriptorOf(shard) !== null)
  }

  /** Reads all images, shard by shard, which must be local. */
  async readAll(): Promise<Uint8Array> {
    const size = this.pictureSize
    const all = new Uint8Array(this.count * size)
    for (const shard of this.shards) {
      const descriptor = this.descriptorOf(shard)
      if (descriptor === null) throw new Error(`the shard ${shard.sha256} is not on this machine yet`)
      await readFully(descriptor, all.subarray(shard.first * size, (shard.first + shard.count) * size))
    }
    return all
  }

  close(): void {
    for (const { descriptor } of this.shards) if (descriptor !== null) close(descriptor)
  }

  private locate(index: number): { shard: Shard; offset: number } {
    const part = locatePicture(this.shards, index, this.pictureSize)
    if (!part) throw new RangeError(`there is no image ${index}`)
    return part
  }

  /** Null until the shard has been downloaded. */
  private descriptorOf(shard: Shard): number | null {
    const file = shard.descriptor === null ? this.remote?.pathOf(shard.sha256) : undefined
    if (file) shard.descriptor = openShard(file, shard.sha256, shard.count * this.pictureSize)
    return shard.descriptor
  }

  private readFrom(descriptor: number, wanted: readonly WantedPicture[], target: Uint8Array): Promise<void> {
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

  private async requestParts(
    { sha256 }: Shard,
    wanted: readonly WantedPicture[],
    target: Uint8Array,
  ): Promise<void> {
    const size = this.pictureSize
    const offsets = wanted.map(({ offset }) => offset)
    if (!this.remote) throw new Error(`no file was given for the blob ${sha256}`)
    const bytes = await this.remote.read(sha256, offsets, size)
    requireSize(`the requested parts of ${sha256}`, bytes.length, wanted.length * size)
    for (const [i, { place }] of wanted.entries())
      target.set(bytes.subarray(i * size, (i + 1) * size), place * size)
  }
}

async function readFully(descriptor: number, target: Uint8Array): Promise<void> {
  const readPart = promisify(read)
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await readPart(descriptor, target, done, target.length - done, done)
    if (bytesRead === 0) throw new Error(`the file of a shard ends after ${done} bytes`)
    done += bytesRead
  }
}

/** What training and evaluation need of a split, or of a part of one. */
export type Pictures = Pick<
  PackedSplit,
  'count' | 'labels' | 'pictureSize' | 'readPictures' | 'readAll' | 'isLocal'
>

function openShard(file: string, sha256: string, byteLength: number): number {
  const descriptor = openSync(file, 'r')
  requireSize(sha256, fstatSync(descriptor).size, byteLength)
  return descriptor
}

/** @throws if a label is not a class index */
function readLabels(split: AnySplit, blobPaths: Record<string, string>, classes: number): Int32Array {
  const numbers = numbersOf(split)
  if (numbers.are === 'NOTHING') return noLabels(split.count)
  const labels = readNumberBlob(numbers.sha256, blobPaths, split.count)
  if (numbers.are === 'IDENTITIES') return labels
  const wrong = labels.findIndex((label) => label < 0 || label >= classes)
  if (wrong >= 0)
    throw new Error(`image ${wrong} has the label ${labels[wrong]}, but there are ${classes} classes`)
  return labels
}

/**
 * Reads one number per image of a split: labels, identities or cameras.
 * @throws if there are not `count` of them
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
