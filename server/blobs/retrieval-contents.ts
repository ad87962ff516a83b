import { buffer } from 'node:stream/consumers'
import { DISTRACTOR, pairSeen, type Seen, seekIn } from '../../contract/packed/identities.ts'
import type { IdentifiedSplit, RetrievalDataset } from '../../contract/packed/manifest.ts'
import { parseNumbers } from '../../contract/packed/numbers.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'

export interface RetrievalContents {
  trainIdentities: number
  queryIdentities: number
  galleryIdentities: number
  distractors: number
  cameras: number
  queriesWithoutMatch: number
}

/** Who is on the images of a dataset for RETRIEVAL, counted from its blobs of numbers. */
export async function countIdentities(
  storage: BlobStorage,
  { classes, splits }: RetrievalDataset,
): Promise<RetrievalContents> {
  const query = await readSeen(storage, splits.query)
  const gallery = await readSeen(storage, splits.gallery)
  const known = new Set(gallery.map(({ identity }) => identity))
  known.delete(DISTRACTOR)
  const isFound = seekIn(gallery)
  return {
    trainIdentities: classes.length,
    queryIdentities: new Set(query.map(({ identity }) => identity)).size,
    galleryIdentities: known.size,
    distractors: gallery.filter(({ identity }) => identity === DISTRACTOR).length,
    cameras: new Set([...query, ...gallery].map(({ camera }) => camera)).size,
    queriesWithoutMatch: query.filter((picture) => !isFound(picture)).length,
  }
}

/** Who is on the first images of the gallery, in its order. */
export async function listGallery(
  storage: BlobStorage,
  { splits }: RetrievalDataset,
  first: number,
): Promise<({ index: number } & Seen)[]> {
  const gallery = await readSeen(storage, splits.gallery)
  return gallery.slice(0, first).map((picture, index) => ({ index, ...picture }))
}

async function readSeen(
  storage: BlobStorage,
  { identitiesSha256, camerasSha256 }: IdentifiedSplit,
): Promise<Seen[]> {
  const read = async (sha256: string) => parseNumbers(await buffer(storage.read(sha256)))
  return pairSeen(await read(identitiesSha256), await read(camerasSha256))
}
