import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { ClassificationDataset, PackedSplit } from '../../../contract/packed/manifest.ts'
import { DiskStorage } from '../../../storage/disk.ts'
import { type PackOptions, packDataset } from '../../../workers/datasets/pack/pack.ts'
import { png, writeZip } from './pictures.ts'

type Entries = Record<string, Buffer | string>

/** A folder with a storage, and ways to pack ImageFolders into it and to read what was packed. */
export class Packing {
  readonly folder: string
  readonly storage: DiskStorage

  private constructor(folder: string) {
    this.folder = folder
    this.storage = new DiskStorage(path.join(folder, 'storage'))
  }

  static async begin(): Promise<Packing> {
    return new Packing(await mkdtemp(path.join(tmpdir(), 'pack-')))
  }

  end(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }

  async pack(entries: Entries, options?: PackOptions) {
    const archive = await writeZip(path.join(this.folder, 'pictures.zip'), entries)
    const { manifest, report } = await packDataset(archive, this.storage, options)
    if (manifest.kind !== 'CLASSIFICATION') throw new Error('an ImageFolder was read as something else')
    return { manifest: manifest as ClassificationDataset, report }
  }

  async bytesOf(split: PackedSplit): Promise<Buffer> {
    return Buffer.concat(
      await Promise.all(split.shards.map(({ sha256 }) => buffer(this.storage.read(sha256)))),
    )
  }

  async labelsOf(split: PackedSplit): Promise<number[]> {
    const bytes = await buffer(this.storage.read(split.labelsSha256))
    return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(i * 4))
  }

  /** Packs an image in question; the others are grey or colourful of the size given. */
  async packOne(name: string, picture: Buffer, size = 8, channels: 1 | 3 = 3, options?: PackOptions) {
    const { manifest, report } = await this.pack(
      {
        [`train/a/${name}`]: picture,
        'train/b/1.png': await png(1, size, size, channels),
        'train/b/2.png': await png(2, size, size, channels),
        'test/a/3.png': await png(3, size, size, channels),
      },
      options,
    )
    const { height, width, channels: depth } = manifest
    const pixels = (await this.bytesOf(manifest.splits.train)).subarray(0, height * width * depth)
    return { manifest, report, pixels }
  }
}
