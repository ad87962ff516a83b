import { DatasetOverview } from '../../contract/dataset-overview.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { ParsedBlobs } from './parsed-blobs.ts'

const overviews = new ParsedBlobs((bytes) => DatasetOverview.parse(JSON.parse(bytes.toString('utf8'))))

/** Null where the storage does not have it any more. */
export function readOverview(storage: BlobStorage, sha256: string): Promise<DatasetOverview | null> {
  return overviews.read(storage, sha256)
}
