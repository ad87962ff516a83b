import { type FileHandle, open, readFile } from 'node:fs/promises'
import { type PackedDataset, type PackedSplit, parseNumbers } from '../../../contract/packed/manifest.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import { ReadAhead } from '../archives/read-ahead.ts'

interface OpenShard {
  first: number
  handle: FileHandle
  ahead: ReadAhead
}

/** The pictures and labels of a packed split, by their places. */
export class PackedPictures {
  readonly labels: Int32Array
  readonly #shards: OpenShard[]
  readonly #pictureBytes: number

  private constructor(labels: Int32Array, shards: OpenShard[], pictureBytes: number) {
    this.labels = labels
    this.#shards = shards
    this.#pictureBytes = pictureBytes
  }

  static async open(
    { height, width, channels }: PackedDataset,
    split: PackedSplit,
    storage: BlobStorage,
  ): Promise<PackedPictures> {
    const labels = parseNumbers(await readFile(await storage.fetchLocal(split.labelsSha256)))
    const pictureBytes = height * width * channels
    const shards: OpenShard[] = []
    let first = 0
    for (const { sha256, count } of split.shards) {
      const handle = await open(await storage.fetchLocal(sha256))
      const ahead = new ReadAhead(count * pictureBytes, (start, length) => readAt(handle, start, length))
      shards.push({ first, handle, ahead })
      first += count
    }
    return new PackedPictures(labels, shards, pictureBytes)
  }

  /** uint8, HWC. */
  async read(index: number): Promise<Uint8Array> {
    const shard = this.#shards.findLast(({ first }) => first <= index)
    if (!shard || index >= this.labels.length) throw new Error(`there is no picture ${index}`)
    return shard.ahead.read((index - shard.first) * this.#pictureBytes, this.#pictureBytes)
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
