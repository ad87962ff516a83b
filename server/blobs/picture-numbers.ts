import { buffer } from 'node:stream/consumers'
import { numberBlobsOf, type PackedDataset, splitsOf } from '../../contract/packed/manifest.ts'
import { type PictureNumbers, readNumbers, type VersionNumbers } from '../../contract/packed/numbers.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'

/** Who or what is on every image of a version; null where its files are no longer in the storage. */
export async function readPictureNumbers(
  storage: BlobStorage,
  dataset: PackedDataset,
): Promise<VersionNumbers | null> {
  const numbers: Record<string, PictureNumbers> = {}
  for (const [name, split] of splitsOf(dataset)) {
    for (const sha256 of numberBlobsOf(split)) if (!(await storage.has(sha256))) return null
    numbers[name] = await readNumbers(split, (sha256) => buffer(storage.read(sha256)))
  }
  return numbers
}
