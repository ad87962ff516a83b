import { type PackedDataset, splitsOf } from '../../contract/packed/manifest.ts'
import { shardsOfSample } from '../../contract/packed/spread-sample.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { locateBlobs } from './locate-blobs.ts'

/**
 * Local files, by hash, of what an export takes of a dataset: its labels, shards of the training and test images, and
 * all that are searched.
 * @returns null where some of them are no longer in the storage
 */
export async function fetchExportImages(
  dataset: PackedDataset,
  storage: BlobStorage,
): Promise<Record<string, string> | null> {
  const { paths, remote, missing } = await locateBlobs(dataset, storage)
  if (missing.length > 0) return null
  const wanted = new Set(
    splitsOf(dataset).flatMap(([name, split]) => {
      if (name === 'train' || name === 'test') return shardsOfSample(split)
      return name === 'query' || name === 'gallery' ? split.shards.map(({ sha256 }) => sha256) : []
    }),
  )
  for (const sha256 of remote) if (wanted.has(sha256)) paths[sha256] = await storage.fetchLocal(sha256)
  return paths
}
