import { Readable } from 'node:stream'
import type { IdentifiedSplit, PackedSplit, UnlabelledSplit } from '../../../contract/packed/manifest.ts'
import { encodeNumbers } from '../../../contract/packed/numbers.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import type { Identified } from '../formats/arrangement.ts'
import type { PictureShape } from '../pictures/picture-shape.ts'
import { ShardWriter } from './shard-writer.ts'

/** Writes a split of labelled images. */
export class SplitWriter {
  readonly #storage: BlobStorage
  readonly #pictures: ShardWriter
  readonly #labels: number[] = []
  readonly #classCounts: number[]

  constructor(storage: BlobStorage, shape: PictureShape, classCount: number) {
    this.#storage = storage
    this.#pictures = new ShardWriter(storage, shape)
    this.#classCounts = new Array(classCount).fill(0)
  }

  async add(pixels: Uint8Array, label: number): Promise<void> {
    await this.#pictures.add(pixels)
    this.#labels.push(label)
    this.#classCounts[label] = (this.#classCounts[label] ?? 0) + 1
  }

  /** Ends the last shard, stores the labels and returns the split. */
  async finish(): Promise<PackedSplit> {
    return {
      count: this.#labels.length,
      shards: await this.#pictures.finish(),
      labelsSha256: await storeNumbers(this.#storage, this.#labels),
      classCounts: this.#classCounts,
    }
  }

  abandon(): Promise<void> {
    return this.#pictures.abandon()
  }
}

/** Writes a split of images that are searched for, or searched through. */
export class IdentifiedSplitWriter {
  readonly #storage: BlobStorage
  readonly #pictures: ShardWriter
  readonly #identities: number[] = []
  readonly #cameras: number[] = []

  constructor(storage: BlobStorage, shape: PictureShape) {
    this.#storage = storage
    this.#pictures = new ShardWriter(storage, shape)
  }

  async add(pixels: Uint8Array, { identity, camera }: Identified): Promise<void> {
    await this.#pictures.add(pixels)
    this.#identities.push(identity)
    this.#cameras.push(camera)
  }

  /** Ends the last shard, stores identities and cameras and returns the split. */
  async finish(): Promise<IdentifiedSplit> {
    return {
      count: this.#identities.length,
      shards: await this.#pictures.finish(),
      identitiesSha256: await storeNumbers(this.#storage, this.#identities),
      camerasSha256: await storeNumbers(this.#storage, this.#cameras),
    }
  }

  abandon(): Promise<void> {
    return this.#pictures.abandon()
  }
}

/** Writes a split of images of which nothing is known. */
export class UnlabelledSplitWriter {
  readonly #pictures: ShardWriter
  #count = 0

  constructor(storage: BlobStorage, shape: PictureShape) {
    this.#pictures = new ShardWriter(storage, shape)
  }

  async add(pixels: Uint8Array): Promise<void> {
    await this.#pictures.add(pixels)
    this.#count++
  }

  /** Ends the last shard and returns the split. */
  async finish(): Promise<UnlabelledSplit> {
    return { count: this.#count, shards: await this.#pictures.finish() }
  }

  abandon(): Promise<void> {
    return this.#pictures.abandon()
  }
}

async function storeNumbers(storage: BlobStorage, numbers: readonly number[]): Promise<string> {
  return (await storage.put(Readable.from([encodeNumbers(numbers)]))).sha256
}
