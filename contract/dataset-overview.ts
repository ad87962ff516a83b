import { z } from 'zod'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** An image of a version: its split and its place there. */
export const PicturePlace = z.strictObject({ split: z.string(), index: z.int().min(0) })
export type PicturePlace = z.infer<typeof PicturePlace>

/** Tiles of a sheet of thumbnails: 16 rows of 16. */
export const SHEET_COLUMNS = 16
export const TILES_A_SHEET = SHEET_COLUMNS * SHEET_COLUMNS

/** Groups of duplicates that are listed; all are counted. */
export const MAX_LISTED_DUPLICATES = 1_000

/** Images that are alike, and how many of them lie in another split than the first: what is learned is tested, too. */
const Duplicates = z.strictObject({
  /** Images that are like an earlier one. */
  count: z.int(),
  /** Of those, images whose like lies in another split. */
  leakedCount: z.int(),
  groups: z.array(z.array(PicturePlace)).max(MAX_LISTED_DUPLICATES),
})

/**
 * What can be seen in a dataset version, gathered at its import and kept as a blob of its own: nothing of it is needed to
 * train. Thumbnails lie on sheets, split by split, in the order of the labels and then of the split.
 */
export const DatasetOverview = z.strictObject({
  format: z.literal('studyhall-overview-1'),
  /** Side of a thumbnail's tile, pixels. */
  tilePixels: z.int(),
  /** JPEG sheets of 256 tiles, by split. */
  sheets: z.record(z.string(), z.array(Sha256)),
  /** PNG of the mean of the training images. */
  meanSha256: Sha256,
  /** The same pixels. */
  exact: Duplicates,
  /** Difference hashes that differ in at most 4 of their 64 bits, and grey values that are near; the same pixels are not among them. */
  near: Duplicates,
  notes: z.array(z.string()),
})
export type DatasetOverview = z.infer<typeof DatasetOverview>

/** The hash of every blob that an overview names. */
export function blobsOfOverview({ sheets, meanSha256 }: DatasetOverview): string[] {
  return [meanSha256, ...Object.values(sheets).flat()]
}

/** Where each image's thumbnail is: the indices of a split in the order of labels, equals in their own order. */
export function orderOfThumbnails(labels: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: labels.length }, (_, index) => index)
  // biome-ignore lint/style/noNonNullAssertion: the order is one of indices into the labels
  return order.sort((a, b) => labels[a]! - labels[b]! || a - b)
}
