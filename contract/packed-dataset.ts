import { z } from 'zod'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** A run of pictures that lie one behind the other in one blob. */
const Shard = z.strictObject({
  /** Blob of `count × height × width × channels` bytes: uint8, NHWC, RGB or grey. */
  sha256: Sha256,
  count: z.int().min(1),
})

const Split = z.strictObject({
  count: z.int().min(0),
  /** In the order of the labels; at most 256 MiB each. */
  shards: z.array(Shard),
  /** Blob of `count` little-endian int32 class indices. */
  labelsSha256: Sha256,
  /** Pictures of each class, in the order of `classes`. */
  classCounts: z.array(z.int().min(0)),
})
export type PackedSplit = z.infer<typeof Split>

/**
 * The manifest of a packed dataset version: what the importer writes and the engine reads without decoding again.
 * Blobs are named by their hash, so the manifest is the same wherever they lie.
 */
export const PackedDataset = z.strictObject({
  format: z.literal('studyhall-packed-1'),
  kind: z.literal('CLASSIFICATION'),
  height: z.int().min(8).max(512),
  width: z.int().min(8).max(512),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** Class names, sorted; a label is an index into it. */
  classes: z.array(z.string()).min(2).max(10_000),
  splits: z.strictObject({ train: Split, test: Split }),
  /** Of the training pictures scaled to 0..1, one number a channel. */
  channelMeans: z.array(z.number()),
  channelDeviations: z.array(z.number()),
})
export type PackedDataset = z.infer<typeof PackedDataset>

export const MAX_SHARD_BYTES = 256 * 1024 * 1024
