import { buffer } from 'node:stream/consumers'
import type { PictureNumbers } from '../../contract/edits/edit-problem.ts'
import {
  type IdentifiedSplit,
  type PackedDataset,
  type PackedSplit,
  parseNumbers,
} from '../../contract/packed/manifest.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'

/** Who or what is on every picture of a version; null where its files are no longer in the storage. */
export async function readPictureNumbers(
  storage: BlobStorage,
  { splits }: PackedDataset,
): Promise<PictureNumbers | null> {
  const labels: Record<string, Int32Array> = {}
  const cameras: Record<string, Int32Array> = {}
  for (const [name, split] of Object.entries<PackedSplit | IdentifiedSplit>(splits)) {
    const isSearched = 'identitiesSha256' in split
    const numbers = await readNumbers(storage, isSearched ? split.identitiesSha256 : split.labelsSha256)
    const places = isSearched ? await readNumbers(storage, split.camerasSha256) : new Int32Array()
    if (!numbers || !places) return null
    labels[name] = numbers
    if (isSearched) cameras[name] = places
  }
  return { labels, cameras }
}

async function readNumbers(storage: BlobStorage, sha256: string): Promise<Int32Array | null> {
  if (!(await storage.has(sha256))) return null
  return parseNumbers(await buffer(storage.read(sha256)))
}
