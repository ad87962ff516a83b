import { z } from 'zod'

/** How many gallery images are listed per query, nearest first. */
export const NAMED_RANKS = 20

const Ranked = z.strictObject({
  /** Null for a query without a match. */
  averagePrecision: z.number().min(0).max(1).nullable(),
  /** Rank of the first match, from 1; null for a query without a match. */
  firstRight: z.int().min(1).nullable(),
  /** Indices into the gallery, nearest first; junk images are not ranked. */
  gallery: z.array(z.int().min(0)).max(NAMED_RANKS),
  /** For each of them, whether it has the query's identity. */
  right: z.array(z.boolean()),
  /** Euclidean distances between normalised features, 0 to 2. */
  distances: z.array(z.number()),
})
export type Ranked = z.infer<typeof Ranked>

const Identities = z.strictObject({ identities: z.array(z.int()), cameras: z.array(z.int()) })

/** The rankings behind a RETRIEVAL evaluation, one per query, in the dataset's order. */
export const RetrievalQueries = z.strictObject({
  format: z.literal('studyhall-retrieval-queries-1'),
  query: Identities,
  gallery: Identities,
  students: z.array(z.strictObject({ name: z.string(), queries: z.array(Ranked) })),
  ensemble: z.array(Ranked),
})
export type RetrievalQueries = z.infer<typeof RetrievalQueries>
