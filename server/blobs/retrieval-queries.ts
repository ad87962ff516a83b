import { buffer } from 'node:stream/consumers'
import { RetrievalQueries } from '../../contract/retrieval-queries.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'

/** Rankings of some thousand queries are some ten megabytes parsed; pages of the same run follow each other. */
const KEPT = 4

/** By hash, the one used last at the end. */
const kept = new Map<string, RetrievalQueries>()

/** The rankings behind a run's verdict. A blob never changes, so that the last few stay parsed. */
export async function readRankings(storage: BlobStorage, sha256: string): Promise<RetrievalQueries> {
  const rankings =
    kept.get(sha256) ?? RetrievalQueries.parse(JSON.parse((await buffer(storage.read(sha256))).toString()))
  kept.delete(sha256)
  kept.set(sha256, rankings)
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!)
  return rankings
}
