// biome-ignore-all lint/style/noNonNullAssertion: k and i index students and queries, and every array has an
// entry for each

import { CMC_RANKS, type RetrievalScore } from '../../../contract/evaluation.ts'
import type { Ranked } from '../../../contract/retrieval-queries.ts'
import {
  concatenatedDistances,
  FeatureDistances,
  type Features,
  queriesPerBlock,
} from './feature-distances.ts'
import { type Identities, rankGallery, rolesOf } from './rank-gallery.ts'

/** Query or gallery images, with each student's features. */
export interface Searched extends Identities {
  /** One per student. */
  features: Features[]
}

/** Every query's ranking of the gallery, by each student's features and by all of them concatenated. */
export interface Rankings {
  students: Ranked[][]
  ensemble: Ranked[]
}

/**
 * Searches the gallery for every query. Besides the features, only one block of distances is in memory at a
 * time.
 * @param betweenBlocks may throw to abort the search
 */
export async function rankQueries(
  query: Searched,
  gallery: Searched,
  betweenBlocks: () => Promise<void>,
): Promise<Rankings> {
  const distances = query.features.map((features, k) => new FeatureDistances(features, gallery.features[k]!))
  const rankings: Rankings = { students: distances.map(() => []), ensemble: [] }
  const count = query.identities.length
  const perBlock = queriesPerBlock(gallery.identities.length * distances.length)
  try {
    for (let from = 0; from < count; from += perBlock) {
      await betweenBlocks()
      const to = Math.min(count, from + perBlock)
      const blocks = distances.map((own) => own.block(from, to))
      for (let i = 0; i < to - from; i++) {
        const own = { identity: query.identities[from + i]!, camera: query.cameras[from + i]! }
        const roles = rolesOf(own, gallery)
        const students = blocks.map((distancesOf) => distancesOf(i))
        for (const [k, student] of students.entries()) rankings.students[k]!.push(rankGallery(roles, student))
        rankings.ensemble.push(rankGallery(roles, concatenatedDistances(students)))
      }
    }
  } finally {
    for (const own of distances) own.dispose()
  }
  return rankings
}

/** A query with at least one match in the gallery. */
type Matched = Ranked & { averagePrecision: number; firstRight: number }

/** The protocol's scores; queries without a match are not counted. @throws if no query has a match */
export function scoreRankings(ranked: readonly Ranked[]): RetrievalScore {
  const counted = ranked.filter((query): query is Matched => query.firstRight !== null)
  if (counted.length === 0) throw new Error('no query has a match in the gallery')
  const meanOf = (value: (query: Matched) => number) =>
    counted.reduce((sum, query) => sum + value(query), 0) / counted.length
  return {
    meanAveragePrecision: meanOf(({ averagePrecision }) => averagePrecision),
    cmc: Array.from({ length: CMC_RANKS }, (_, i) =>
      meanOf(({ firstRight }) => (firstRight <= i + 1 ? 1 : 0)),
    ),
  }
}
