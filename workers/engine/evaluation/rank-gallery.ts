/** One query's ranking by the protocol of Market-1501 (Zheng et al. 2015), in plain numbers. */
import { DISTRACTOR } from '../../../contract/packed/identities.ts'
import { NAMED_RANKS, type Ranked } from '../../../contract/retrieval-queries.ts'

/** Whose images, taken by which camera. Identity 0 is a distractor, -1 is junk. */
export interface Identities {
  identities: Int32Array
  cameras: Int32Array
}

/** What a gallery image is to a query. */
const WRONG = 0
const RIGHT = 1
const JUNK = 2

/**
 * Junk is not ranked at all: whatever is marked so (-1), and the query's own identity seen by the query's own camera,
 * which would be too easy. A distractor (0) is nobody, so it is always a wrong answer.
 */
export function rolesOf(query: { identity: number; camera: number }, gallery: Identities): Uint8Array {
  return Uint8Array.from(gallery.identities, (identity, g) => {
    if (identity === -1) return JUNK
    if (identity !== query.identity || identity === DISTRACTOR) return WRONG
    return gallery.cameras[g] === query.camera ? JUNK : RIGHT
  })
}

/** Distances of a query to the whole gallery, squared. */
export interface Distances {
  /** Quick, and off by no more than half of `margin`. */
  approximate: ArrayLike<number>
  margin: number
  /** In double precision, worked out where it is asked for. */
  exact(gallery: number): number
}

/**
 * Ranks by the exact distance; equally distant images by their index in the gallery. Approximate distances settle
 * what is far apart, so that few exact ones are needed; the result is that of exact ones throughout.
 *
 * The average precision is the mean of the precision at the right images' ranks, as in conventions of today's
 * re-identification libraries (and information retrieval), not the trapezoid under the precision-recall curve that the
 * data set's first evaluation script took, which gives slightly lower numbers.
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

/** From 1: one more than there are images before this one. */
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

/** The first of the ranking. */
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
