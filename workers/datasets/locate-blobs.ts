import { blobsOf, type PackedDataset } from '../../contract/packed-dataset.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'

/** The local file of every blob of a packed dataset, by hash, and the hashes of those that the storage does not have. */
export async function locateBlobs(
  dataset: PackedDataset,
  storage: BlobStorage,
): Promise<{ paths: Record<string, string>; missing: string[] }> {
  const paths: Record<string, string> = {}
  const missing: string[] = []
  for (const sha256 of blobsOf(dataset)) {
    if (await storage.has(sha256)) paths[sha256] = await storage.fetchLocal(sha256)
    else missing.push(sha256)
  }
  return { paths, missing }
}
