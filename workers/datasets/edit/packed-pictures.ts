import { type FileHandle, open, readFile } from 'node:fs/promises'
import {
  locatePicture,
  type PlacedShard,
  pictureBytesOf,
  placeShards,
} from '../../../contract/packed/locate.ts'
import type { AnySplit, PackedDataset } from '../../../contract/packed/manifest.ts'
import { type PictureNumbers, readNumbers } from '../../../contract/packed/numbers.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import { ReadAhead } from '../archives/read-ahead.ts'

interface OpenShard extends PlacedShard {
  handle: FileHandle
  ahead: ReadAhead
}

/** The images of a packed split and the numbers that belong to them, by their places. */
export class PackedPictures {
  readonly numbers: PictureNumbers
  readonly #shards: OpenShard[]
  readonly #pictureBytes: number

  private constructor(numbers: PictureNumbers, shards: OpenShard[], pictureBytes: number) {
    this.numbers = numbers
    this.#shards = shards
    this.#pictureBytes = pictureBytes
  }

  static async open(dataset: PackedDataset, split: AnySplit, storage: BlobStorage): Promise<PackedPictures> {
    const numbers = await readNumbers(split, async (sha256) => readFile(await storage.fetchLocal(sha256)))
    const pictureBytes = pictureBytesOf(dataset)
    const shards: OpenShard[] = []
    for (const shard of placeShards(split)) {
      const handle = await open(await storage.fetchLocal(shard.sha256))
      const read = (start: number, length: number) => readAt(handle, start, length)
      shards.push({ ...shard, handle, ahead: new ReadAhead(shard.count * pictureBytes, read) })
    }
    return new PackedPictures(numbers, shards, pictureBytes)
  }

  /** Class indices, or identities. */
  get labels(): Int32Array {
    return this.numbers.labels
  }

  /** uint8, HWC. */
  async read(index: number): Promise<Uint8Array> {
    const part = locatePicture(this.#shards, index, this.#pictureBytes)
    if (!part) throw new Error(`there is no image ${index}`)
    return part.shard.ahead.read(part.offset, part.length)
  }

  /** @throws Error where the split has classes, or no such image */
  cameraOf(index: number): number {
    const camera = this.numbers.are === 'IDENTITIES' ? this.numbers.cameras[index] : undefined
    if (camera === undefined) throw new Error(`no camera is known of image ${index}`)
    return camera
  }

  async close(): Promise<void> {
    for (const { handle } of this.#shards) await handle.close()
  }
}

async function readAt(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  const { bytesRead } = await handle.read(bytes, 0, length, start)
  if (bytesRead !== length) throw new Error('a shard is shorter than its dataset says')
  return bytes
}
