import { RetrievalQueries } from '../../contract/retrieval-queries.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { ParsedBlobs } from './parsed-blobs.ts'

/** Rankings of some thousand queries are some ten megabytes parsed; pages of the same run follow each other. */
const MAX_KEPT = 4

const rankings = new ParsedBlobs((bytes) => RetrievalQueries.parse(JSON.parse(bytes.toString())), MAX_KEPT)

/** The rankings behind a run's evaluation; null where the storage no longer has them. */
export function readRankings(storage: BlobStorage, sha256: string): Promise<RetrievalQueries | null> {
  return rankings.read(storage, sha256)
}
