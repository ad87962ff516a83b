import { z } from 'zod'
import { Doubt } from './dataset-doubts.ts'

/** How many files each list names; the rest are only counted. */
export const MAX_NAMED_PICTURES = 10_000

/** What an import did with each file of the archive. */
export const ImportReport = z.strictObject({
  pictures: z.int(),
  /** Files that are not images and were skipped: a readme, a licence, .DS_Store. */
  ignored: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  ignoredCount: z.int(),
  /** Images left out, with the reason for each. */
  leftOut: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  leftOutCount: z.int(),
  /** Sizes found, most common first. */
  sizes: z.array(z.strictObject({ width: z.int(), height: z.int(), count: z.int() })),
  resizedCount: z.int(),
  notes: z.array(z.string()),
  /** Empty in reports of earlier versions, which did not detect doubts. */
  doubts: z.array(Doubt).default([]),
})
export type ImportReport = z.infer<typeof ImportReport>
