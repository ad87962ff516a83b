import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { pictureBytesOf } from '../../../contract/packed/locate.ts'
import { MAX_SHARD_BYTES, type PackedSplit } from '../../../contract/packed/manifest.ts'
import type { Blob, BlobStorage } from '../../../storage/blob-storage.ts'
import type { PictureShape } from '../pictures/picture-shape.ts'

const CHUNK_BYTES = 1024 * 1024

interface OpenShard {
  stream: PassThrough
  stored: Promise<Blob>
  count: number
}

/** Writes images one behind the other straight into blobs; at most a chunk of them is held in memory. */
export class ShardWriter {
  readonly #storage: BlobStorage
  readonly #pictureBytes: number
  readonly #picturesPerShard: number
  readonly #shards: PackedSplit['shards'] = []
  #open: OpenShard | undefined
  #chunk = Buffer.alloc(0)
  #filled = 0

  /** @param shardBytes the most that a blob holds; at least an image */
  constructor(storage: BlobStorage, shape: PictureShape, shardBytes: number = MAX_SHARD_BYTES) {
    this.#storage = storage
    this.#pictureBytes = pictureBytesOf(shape)
    this.#picturesPerShard = Math.floor(shardBytes / this.#pictureBytes)
  }

  async add(pixels: Uint8Array): Promise<void> {
    if (pixels.length !== this.#pictureBytes)
      throw new Error(`an image decoded to ${pixels.length} bytes, not ${this.#pictureBytes}`)
    this.#open ??= this.#openShard()
    if (this.#filled + pixels.length > this.#chunk.length) await this.#flushChunk(this.#open)
    this.#chunk.set(pixels, this.#filled)
    this.#filled += pixels.length
    this.#open.count++
    if (this.#open.count === this.#picturesPerShard) await this.#closeShard(this.#open)
  }

  /** Ends the last shard. */
  async finish(): Promise<PackedSplit['shards']> {
    if (this.#open) await this.#closeShard(this.#open)
    return this.#shards
  }

  /** Gives up what is under way; the storage removes its temporary file. */
  async abandon(): Promise<void> {
    this.#open?.stream.destroy(new Error('the import was given up'))
    await this.#open?.stored.catch(() => {})
  }

  #openShard(): OpenShard {
    const stream = new PassThrough({ highWaterMark: CHUNK_BYTES })
    // Given up before the storage reads it, it has nobody else who would hear of that.
    stream.on('error', () => {})
    const stored = this.#storage.put(stream)
    // Looked at when the shard is closed; a failure before that must not end the process.
    stored.catch(() => {})
    this.#newChunk()
    return { stream, stored, count: 0 }
  }

  #newChunk(): void {
    this.#chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, this.#pictureBytes))
    this.#filled = 0
  }

  async #flushChunk({ stream, stored }: OpenShard): Promise<void> {
    const goesOn = stream.write(this.#chunk.subarray(0, this.#filled))
    this.#newChunk()
    // A failed write (a full disk) ends the stream, and then its `drain` never comes.
    if (!goesOn) await Promise.race([once(stream, 'drain'), stored])
  }

  async #closeShard(shard: OpenShard): Promise<void> {
    shard.stream.end(this.#chunk.subarray(0, this.#filled))
    this.#open = undefined
    const { sha256 } = await shard.stored
    this.#shards.push({ sha256, count: shard.count })
  }
}
