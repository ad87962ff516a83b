import { z } from 'zod'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** A run of pictures that lie one behind the other in one blob. */
const Shard = z.strictObject({
  /** Blob of `count × height × width × channels` bytes: uint8, NHWC, RGB or grey. */
  sha256: Sha256,
  count: z.int().min(1),
})

const Pictures = z.strictObject({
  count: z.int().min(0),
  /** In the order of the labels; at most 256 MiB each. */
  shards: z.array(Shard),
})

const Split = z.strictObject({
  ...Pictures.shape,
  /** Blob of `count` little-endian int32 class indices. */
  labelsSha256: Sha256,
  /** Pictures of each class, in the order of `classes`. */
  classCounts: z.array(z.int().min(0)),
})
export type PackedSplit = z.infer<typeof Split>

/** Pictures that are told apart by who is on them, not by a class that was learned. */
const IdentifiedSplit = z.strictObject({
  ...Pictures.shape,
  /** Blob of `count` little-endian int32 identities, as the files' names number them; 0 is a distractor, who is nobody. */
  identitiesSha256: Sha256,
  /** Blob of `count` little-endian int32 numbers of the cameras that took the pictures. */
  camerasSha256: Sha256,
})
export type IdentifiedSplit = z.infer<typeof IdentifiedSplit>

const COMMON = {
  format: z.literal('studyhall-packed-1'),
  height: z.int().min(8).max(512),
  width: z.int().min(8).max(512),
  channels: z.union([z.literal(1), z.literal(3)]),
  /**
   * Class names, sorted, or in the order in which the files number them; a label is an index into it. Of RETRIEVAL the
   * identities that are trained on.
   */
  classes: z.array(z.string()).min(2).max(10_000),
  /** The coarse class of each class, where the files know one, as CIFAR-100's do. */
  superclasses: z.array(z.string()).optional(),
  /** Of the training pictures scaled to 0..1, one number a channel. */
  channelMeans: z.array(z.number()),
  channelDeviations: z.array(z.number()),
}

const ClassificationDataset = z.strictObject({
  ...COMMON,
  kind: z.literal('CLASSIFICATION'),
  splits: z.strictObject({ train: Split, test: Split }),
})
export type ClassificationDataset = z.infer<typeof ClassificationDataset>

/** Learned from identities, and tested on others: each picture of `query` is searched for in `gallery`. */
const RetrievalDataset = z.strictObject({
  ...COMMON,
  kind: z.literal('RETRIEVAL'),
  splits: z.strictObject({ train: Split, query: IdentifiedSplit, gallery: IdentifiedSplit }),
})
export type RetrievalDataset = z.infer<typeof RetrievalDataset>

/**
 * The manifest of a packed dataset version: what the importer writes and the engine reads without decoding again.
 * Blobs are named by their hash, so the manifest is the same wherever they lie.
 */
export const PackedDataset = z.discriminatedUnion('kind', [ClassificationDataset, RetrievalDataset])
export type PackedDataset = z.infer<typeof PackedDataset>

/** The hash of every blob that the manifest names. */
export function blobsOf({ splits }: PackedDataset): string[] {
  return Object.values(splits).flatMap((split: PackedSplit | IdentifiedSplit) => [
    ...split.shards.map(({ sha256 }) => sha256),
    ...('labelsSha256' in split ? [split.labelsSha256] : [split.identitiesSha256, split.camerasSha256]),
  ])
}

/** The hashes of the blobs that hold pictures, those of the training pictures first. */
export function shardsOf({ splits }: PackedDataset): string[] {
  return Object.values(splits).flatMap(({ shards }: PackedSplit | IdentifiedSplit) =>
    shards.map(({ sha256 }) => sha256),
  )
}

/** A blob of numbers, one of each picture: labels, identities or cameras. */
export function parseNumbers(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Int32Array.from({ length: bytes.byteLength / 4 }, (_, i) => view.getInt32(4 * i, true))
}

export const MAX_SHARD_BYTES = 256 * 1024 * 1024
