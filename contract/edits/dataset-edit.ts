import { z } from 'zod'
import { CLASS_NAME_LENGTH } from '../limits.ts'
import { SPLIT_NAMES } from '../packed/manifest.ts'
import { Seed } from '../seed.ts'

const SplitName = z.enum(SPLIT_NAMES)
const Indices = z.array(z.int().min(0)).min(1).max(100_000)
const PerClass = z.int().min(1).max(10_000_000).nullable()

/**
 * How to derive a version from another one, whose names and indices it uses. Applied in the order of the
 * fields.
 */
export const DatasetEdit = z
  .strictObject({
    /** Images to leave out of the new version. */
    drop: z
      .array(z.strictObject({ split: SplitName, indices: Indices }))
      .max(100)
      .default([]),
    /** Images to move to the end of the other split, `train` or `test`, from `validation` to `train`; not for RETRIEVAL. */
    move: z
      .array(z.strictObject({ split: SplitName, indices: Indices }))
      .max(100)
      .default([]),
    /** Classes to rename, or to merge if the new name is that of another class. For RETRIEVAL, identities. */
    rename: z
      .array(z.strictObject({ from: z.string().min(1), to: z.string().trim().min(1).max(CLASS_NAME_LENGTH) }))
      .max(10_000)
      .default([]),
    /** Maximum images per class; null keeps all. The choice depends on the seed alone. */
    subset: z
      .strictObject({
        trainPerClass: PerClass,
        testPerClass: PerClass,
        seed: Seed,
      })
      .nullable()
      .default(null),
  })
  .refine(({ drop, move, rename, subset }) => drop.length + move.length + rename.length > 0 || subset, {
    error: 'an edit must change something',
  })
export type DatasetEdit = z.infer<typeof DatasetEdit>

/** The indices in a split that `drop` or `move` names. */
export function placesIn(places: DatasetEdit['drop'], split: string): Set<number> {
  return new Set(places.flatMap((part) => (part.split === split ? part.indices : [])))
}

/** Where images go that are moved out of a split. */
export function otherSplit(split: string): 'train' | 'test' {
  return split === 'train' ? 'test' : 'train'
}
