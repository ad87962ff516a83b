import { z } from 'zod'
import { CLASS_NAME_LENGTH } from '../limits.ts'
import { Seed } from '../seed.ts'

const SplitName = z.enum(['train', 'test', 'query', 'gallery'])
const Indices = z.array(z.int().min(0)).min(1).max(100_000)
const PerClass = z.int().min(1).max(10_000_000).nullable()

/** How a version is made of another one; what is named is named as in that one. Done in the order written here. */
export const DatasetEdit = z
  .strictObject({
    /** Images that the new version does not have. */
    drop: z
      .array(z.strictObject({ split: SplitName, indices: Indices }))
      .max(100)
      .default([]),
    /** Images that go to the end of the other split; not of RETRIEVAL. */
    move: z
      .array(z.strictObject({ split: SplitName, indices: Indices }))
      .max(100)
      .default([]),
    /** Classes that are called otherwise; by the name of another one, they become one with it. Of RETRIEVAL identities. */
    rename: z
      .array(z.strictObject({ from: z.string().min(1), to: z.string().trim().min(1).max(CLASS_NAME_LENGTH) }))
      .max(10_000)
      .default([]),
    /** The most images of each class; null keeps all. Which ones depends on the seed alone. */
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
    error: 'an edit that changes nothing makes no version',
  })
export type DatasetEdit = z.infer<typeof DatasetEdit>

/** Which images of a split an edit names, to drop or to move. */
export function placesIn(places: DatasetEdit['drop'], split: string): Set<number> {
  return new Set(places.flatMap((part) => (part.split === split ? part.indices : [])))
}
