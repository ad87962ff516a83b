import { z } from 'zod'

/** Gallery images of a query that are named, nearest first. */
export const NAMED_RANKS = 20

const Ranked = z.strictObject({
  /** Null for a query without a match. */
  averagePrecision: z.number().min(0).max(1).nullable(),
  /** Rank of the first right image, from 1; null for a query without a match. */
  firstRight: z.int().min(1).nullable(),
  /** Indices into the gallery, nearest first; junk is not ranked. */
  gallery: z.array(z.int().min(0)).max(NAMED_RANKS),
  /** Of each of them: is it the same identity? */
  right: z.array(z.boolean()),
  /** Euclidean distances of the normalised features, 0 to 2. */
  distances: z.array(z.number()),
})
export type Ranked = z.infer<typeof Ranked>

const Identities = z.strictObject({ identities: z.array(z.int()), cameras: z.array(z.int()) })

/** The rankings behind a RETRIEVAL evaluation, query by query, in the dataset's order. */
export const RetrievalQueries = z.strictObject({
  format: z.literal('studyhall-retrieval-queries-1'),
  query: Identities,
  gallery: Identities,
  students: z.array(z.strictObject({ name: z.string(), queries: z.array(Ranked) })),
  ensemble: z.array(Ranked),
})
export type RetrievalQueries = z.infer<typeof RetrievalQueries>
