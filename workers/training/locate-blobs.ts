import { blobsOf, type PackedDataset, shardsOf } from '../../contract/packed/manifest.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'

/** Where the blobs of a packed dataset are. */
export interface LocatedBlobs {
  /** Local files by hash. */
  paths: Record<string, string>
  /** Shards that are in storage but not on this machine, in the order of the splits. */
  remote: string[]
  /** Blobs that are not in storage. */
  missing: string[]
}

/** Downloads a packed dataset's labels, which are small, and finds which of its shards are local. */
export async function locateBlobs(dataset: PackedDataset, storage: BlobStorage): Promise<LocatedBlobs> {
  const shards = new Set(shardsOf(dataset))
  const located: LocatedBlobs = { paths: {}, remote: [], missing: [] }
  const locate = async (sha256: string) => {
    const here = await storage.findLocal(sha256)
    if (here) located.paths[sha256] = here
    else if (!(await storage.has(sha256))) located.missing.push(sha256)
    else if (!shards.has(sha256)) located.paths[sha256] = await storage.fetchLocal(sha256)
  }
  await Promise.all(blobsOf(dataset).map(locate))
  located.remote = [...shards].filter((sha256) => !located.paths[sha256])
  return located
}
