/** One query's ranking by the protocol of Market-1501 (Zheng et al. 2015), without TensorFlow. */
import { DISTRACTOR } from '../../../contract/packed/identities.ts'
import { NAMED_RANKS, type Ranked } from '../../../contract/retrieval-queries.ts'

/** Identity and camera per image. Identity 0 is a distractor, -1 is junk. */
export interface Identities {
  identities: Int32Array
  cameras: Int32Array
}

/** The role of a gallery image for a query. */
const WRONG = 0
const RIGHT = 1
const JUNK = 2

/**
 * Junk is not ranked: images marked as such (-1), and images of the query's identity from the query's camera,
 * which would be too easy. A distractor (0) is always a wrong answer.
 */
export function rolesOf(query: { identity: number; camera: number }, gallery: Identities): Uint8Array {
  return Uint8Array.from(gallery.identities, (identity, g) => {
    if (identity === -1) return JUNK
    if (identity !== query.identity || identity === DISTRACTOR) return WRONG
    return gallery.cameras[g] === query.camera ? JUNK : RIGHT
  })
}

/** Squared distances of a query to the whole gallery. */
export interface Distances {
  /** Fast to compute, with an error of at most half of `margin`. */
  approximate: ArrayLike<number>
  margin: number
  /** Computed in double precision on demand. */
  exact(gallery: number): number
}

/**
 * Ranks by exact distance, then by index in the gallery. Approximate distances decide clear cases, so that
 * few exact ones have to be computed; the result equals that of exact distances throughout.
 *
 * The average precision is the mean of the precision at the matches' ranks, as in today's re-identification
 * libraries and in information retrieval, not the trapezoidal area under the precision-recall curve of the
 * dataset's first evaluation script, which gives slightly lower numbers.
 */
export function rankGallery(roles: Uint8Array, distances: Distances): Ranked {
  const ranks: number[] = []
  for (let g = 0; g < roles.length; g++) if (roles[g] === RIGHT) ranks.push(rankOf(g, roles, distances))
  ranks.sort((a, b) => a - b)
  const nearest = nearestOf(roles, distances)
  return {
    averagePrecision:
      ranks.length === 0 ? null : ranks.reduce((sum, rank, i) => sum + (i + 1) / rank, 0) / ranks.length,
    firstRight: ranks[0] ?? null,
    gallery: nearest,
    right: nearest.map((g) => roles[g] === RIGHT),
    distances: nearest.map((g) => Math.sqrt(distances.exact(g))),
  }
}

/** From 1: one more than the number of images that precede this one. */
function rankOf(own: number, roles: Uint8Array, { approximate, margin, exact }: Distances): number {
  const distance = approximate[own] as number
  let rank = 1
  for (let g = 0; g < roles.length; g++) {
    if (roles[g] === JUNK || g === own) continue
    const difference = (approximate[g] as number) - distance
    if (difference > margin) continue
    if (difference < -margin || isBefore(g, own, exact)) rank++
  }
  return rank
}

function isBefore(a: number, b: number, exact: (gallery: number) => number): boolean {
  const difference = exact(a) - exact(b)
  return difference < 0 || (difference === 0 && a < b)
}

/** The first NAMED_RANKS gallery images of the ranking. */
function nearestOf(roles: Uint8Array, { approximate, margin, exact }: Distances): number[] {
  const smallest: number[] = []
  for (let g = 0; g < roles.length; g++) {
    const distance = approximate[g] as number
    const limit = smallest.length === NAMED_RANKS ? smallest.at(-1) : undefined
    if (roles[g] === JUNK || (limit !== undefined && distance >= limit)) continue
    smallest.splice(insertionPoint(smallest, distance), 0, distance)
    if (smallest.length > NAMED_RANKS) smallest.pop()
  }
  const limit = (smallest.at(-1) ?? 0) + margin
  const candidates: number[] = []
  for (let g = 0; g < roles.length; g++)
    if (roles[g] !== JUNK && (approximate[g] as number) <= limit) candidates.push(g)
  return candidates.sort((a, b) => (isBefore(a, b, exact) ? -1 : 1)).slice(0, NAMED_RANKS)
}

function insertionPoint(ascending: number[], value: number): number {
  let at = ascending.length
  while (at > 0 && (ascending[at - 1] as number) > value) at--
  return at
}
