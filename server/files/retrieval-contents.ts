import { buffer } from 'node:stream/consumers'
import type { IdentifiedSplit, RetrievalDataset } from '../../contract/packed-dataset.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'

/** Identity 0 is a distractor: nobody's picture, which stays in the gallery as a wrong answer. */
const DISTRACTOR = 0

export interface RetrievalContents {
  trainIdentities: number
  queryIdentities: number
  galleryIdentities: number
  distractors: number
  cameras: number
  queriesWithoutMatch: number
}

/** Who is on the pictures of a dataset for RETRIEVAL, counted from its blobs of numbers. */
export async function countIdentities(
  storage: BlobStorage,
  { classes, splits }: RetrievalDataset,
): Promise<RetrievalContents> {
  const query = await readWho(storage, splits.query)
  const gallery = await readWho(storage, splits.gallery)
  const known = new Set(gallery.identities)
  known.delete(DISTRACTOR)
  const camerasOf = new Map<number, Set<number>>()
  gallery.identities.forEach((identity, i) => {
    camerasOf.set(identity, (camerasOf.get(identity) ?? new Set()).add(gallery.cameras[i]!))
  })
  const isLost = (identity: number, i: number) => {
    const cameras = camerasOf.get(identity)
    return !cameras || cameras.size === (cameras.has(query.cameras[i]!) ? 1 : 0)
  }
  return {
    trainIdentities: classes.length,
    queryIdentities: new Set(query.identities).size,
    galleryIdentities: known.size,
    distractors: gallery.identities.filter((identity) => identity === DISTRACTOR).length,
    cameras: new Set([...query.cameras, ...gallery.cameras]).size,
    queriesWithoutMatch: query.identities.filter(isLost).length,
  }
}

/** Who is on the first pictures of the gallery, in its order. */
export async function listGallery(
  storage: BlobStorage,
  { splits }: RetrievalDataset,
  first: number,
): Promise<{ index: number; identity: number; camera: number }[]> {
  const { identities, cameras } = await readWho(storage, splits.gallery)
  return identities.slice(0, first).map((identity, index) => ({ index, identity, camera: cameras[index]! }))
}

async function readWho(storage: BlobStorage, { identitiesSha256, camerasSha256 }: IdentifiedSplit) {
  return {
    identities: await readNumbers(storage, identitiesSha256),
    cameras: await readNumbers(storage, camerasSha256),
  }
}

async function readNumbers(storage: BlobStorage, sha256: string): Promise<number[]> {
  const bytes = await buffer(storage.read(sha256))
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(4 * i))
}
