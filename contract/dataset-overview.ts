import { z } from 'zod'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** An image of a version: its split and its index there. */
export const PicturePlace = z.strictObject({ split: z.string(), index: z.int().min(0) })
export type PicturePlace = z.infer<typeof PicturePlace>

/** A sheet of thumbnails has 16 rows of 16 tiles. */
export const SHEET_COLUMNS = 16
export const TILES_A_SHEET = SHEET_COLUMNS * SHEET_COLUMNS

/** How many groups of duplicates are listed; all are counted. */
export const MAX_LISTED_DUPLICATES = 1_000

/** Duplicate images, and how many are in another split than their original, so that tests reuse training data. */
const Duplicates = z.strictObject({
  /** Images that duplicate an earlier one. */
  count: z.int(),
  /** Of those, images whose duplicate is in another split. */
  leakedCount: z.int(),
  groups: z.array(z.array(PicturePlace)).max(MAX_LISTED_DUPLICATES),
})

/**
 * What the pages show of a dataset version, computed at import and stored as a separate blob, since training
 * needs none of it. Thumbnails are on sheets per split, ordered by label and then by index.
 */
export const DatasetOverview = z.strictObject({
  format: z.literal('studyhall-overview-1'),
  /** Side of a thumbnail's tile, pixels. */
  tilePixels: z.int(),
  /** JPEG sheets of 256 tiles, by split. */
  sheets: z.record(z.string(), z.array(Sha256)),
  /** PNG of the mean training image. */
  meanSha256: Sha256,
  /** Identical pixels. */
  exact: Duplicates,
  /**
   * Difference hashes that differ in at most 4 of 64 bits, and close grey values; identical pixels are
   * excluded.
   */
  near: Duplicates,
  notes: z.array(z.string()),
})
export type DatasetOverview = z.infer<typeof DatasetOverview>

/** The hash of every blob that an overview references. */
export function blobsOfOverview({ sheets, meanSha256 }: DatasetOverview): string[] {
  return [meanSha256, ...Object.values(sheets).flat()]
}

/** The order of a split's thumbnails: image indices sorted by label, then by index. */
export function orderOfThumbnails(labels: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: labels.length }, (_, index) => index)
  // biome-ignore lint/style/noNonNullAssertion: the order consists of indices into the labels
  return order.sort((a, b) => labels[a]! - labels[b]! || a - b)
}
