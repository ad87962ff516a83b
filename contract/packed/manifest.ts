import { z } from 'zod'
import { IMAGE_PIXELS } from '../limits.ts'
import { FITS } from './preparation.ts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Consecutive images stored in one blob. */
const Shard = z.strictObject({
  /** Blob of `count × height × width × channels` bytes: uint8, NHWC, RGB or grey. */
  sha256: Sha256,
  count: z.int().min(1),
})

const Pictures = z.strictObject({
  count: z.int().min(0),
  /** In label order; at most 256 MiB each. */
  shards: z.array(Shard),
})

const Split = z.strictObject({
  ...Pictures.shape,
  /** Blob of `count` little-endian int32 class indices. */
  labelsSha256: Sha256,
  /** Images of each class, in the order of `classes`. */
  classCounts: z.array(z.int().min(0)),
})
export type PackedSplit = z.infer<typeof Split>

/** Images of which nothing is known, in the order of their paths. */
const UnlabelledSplit = z.strictObject(Pictures.shape)
export type UnlabelledSplit = z.infer<typeof UnlabelledSplit>

/** Images labelled by identity rather than by a class that was trained on. */
const IdentifiedSplit = z.strictObject({
  ...Pictures.shape,
  /** Blob of `count` little-endian int32 identities, as in the file names; 0 is a distractor. */
  identitiesSha256: Sha256,
  /** Blob of `count` little-endian int32 camera numbers. */
  camerasSha256: Sha256,
})
export type IdentifiedSplit = z.infer<typeof IdentifiedSplit>

/** The schema of a Preparation. */
export const PreparedBy = z.strictObject({
  fit: z.enum(FITS),
  background: z
    .string()
    .regex(/^#[0-9a-f]{6}$/, 'a colour is written #rrggbb, in small letters')
    .nullable(),
})

const COMMON = {
  format: z.literal('studyhall-packed-1'),
  height: z.int().min(IMAGE_PIXELS.min).max(IMAGE_PIXELS.max),
  width: z.int().min(IMAGE_PIXELS.min).max(IMAGE_PIXELS.max),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** Missing for versions imported before it was recorded; `preparationOf` returns what was done then. */
  preparation: PreparedBy.optional(),
  /**
   * Class names, sorted, or in the order in which the files number them; labels are indices into this list.
   * For RETRIEVAL, the identities that are trained on.
   */
  classes: z.array(z.string()).min(2).max(10_000),
  /** The coarse class of each class, if the files have one, as CIFAR-100's do. */
  superclasses: z.array(z.string()).optional(),
  /** Over the training images scaled to 0..1, one per channel. */
  channelMeans: z.array(z.number()),
  channelDeviations: z.array(z.number()),
}

const ClassificationDataset = z.strictObject({
  ...COMMON,
  kind: z.literal('CLASSIFICATION'),
  splits: z.strictObject({
    train: Split,
    /** Chooses the best checkpoint and ends a training early; neither trained on nor reported as test results. */
    validation: Split.optional(),
    test: Split,
    /** Images without labels, for teaching that needs posteriors alone. */
    unlabelled: UnlabelledSplit.optional(),
  }),
})
export type ClassificationDataset = z.infer<typeof ClassificationDataset>

/** Trained on identities and tested on others: each image of `query` is searched for in `gallery`. */
const RetrievalDataset = z.strictObject({
  ...COMMON,
  kind: z.literal('RETRIEVAL'),
  splits: z.strictObject({ train: Split, query: IdentifiedSplit, gallery: IdentifiedSplit }),
})
export type RetrievalDataset = z.infer<typeof RetrievalDataset>

/**
 * The manifest of a packed dataset version, which the importer writes and the engine reads without decoding
 * images again. Blobs are referenced by hash, so the manifest does not depend on where they are stored.
 */
export const PackedDataset = z.discriminatedUnion('kind', [ClassificationDataset, RetrievalDataset])
export type PackedDataset = z.infer<typeof PackedDataset>

export type AnySplit = PackedSplit | IdentifiedSplit | UnlabelledSplit

/**
 * CLASSIFICATION has `train` and `test`, and may have `validation` and `unlabelled`; RETRIEVAL has `train`, `query` and
 * `gallery`.
 */
export const SPLIT_NAMES = ['train', 'validation', 'test', 'unlabelled', 'query', 'gallery'] as const
export type SplitName = (typeof SPLIT_NAMES)[number]

/** The splits that a dataset has, `train` first. */
export function splitsOf({ splits }: PackedDataset): [SplitName, AnySplit][] {
  return SPLIT_NAMES.flatMap((name): [SplitName, AnySplit][] => {
    const split = (splits as Partial<Record<SplitName, AnySplit>>)[name]
    return split ? [[name, split]] : []
  })
}

/** Undefined if the dataset has no split of that name. */
export function splitNamed(dataset: PackedDataset, name: string): AnySplit | undefined {
  return splitsOf(dataset).find(([known]) => known === name)?.[1]
}

/** The blobs that hold one number per image of a split, and what the numbers mean. */
export type SplitNumbers =
  /** Class indices, which networks are trained on. */
  | { are: 'CLASSES'; sha256: string }
  /** Identities, which are searched for, and the camera of each image. */
  | { are: 'IDENTITIES'; sha256: string; camerasSha256: string }
  /** There are none: the images have no labels. */
  | { are: 'NOTHING' }

/** The only place that distinguishes splits with labels, with identities and with neither. */
export function numbersOf(split: AnySplit): SplitNumbers {
  if ('labelsSha256' in split) return { are: 'CLASSES', sha256: split.labelsSha256 }
  return 'identitiesSha256' in split
    ? { are: 'IDENTITIES', sha256: split.identitiesSha256, camerasSha256: split.camerasSha256 }
    : { are: 'NOTHING' }
}

/** Images of each class; empty for a split without classes. */
export function classCountsOf(split: AnySplit): number[] {
  return 'classCounts' in split ? split.classCounts : []
}

/** The hash of every blob that the manifest references. */
export function blobsOf(dataset: PackedDataset): string[] {
  return [...shardsOf(dataset), ...splitsOf(dataset).flatMap(([, split]) => numberBlobsOf(split))]
}

/** The hashes of the blobs that hold images, training images first. */
export function shardsOf(dataset: PackedDataset): string[] {
  return splitsOf(dataset).flatMap(([, { shards }]) => shards.map(({ sha256 }) => sha256))
}

/** The hashes of the blobs that hold the labels, or identities and cameras, of a split. */
export function numberBlobsOf(split: AnySplit): string[] {
  const numbers = numbersOf(split)
  if (numbers.are === 'NOTHING') return []
  return numbers.are === 'CLASSES' ? [numbers.sha256] : [numbers.sha256, numbers.camerasSha256]
}

export const MAX_SHARD_BYTES = 256 * 1024 * 1024
