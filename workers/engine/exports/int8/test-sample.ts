import { DISTRACTOR } from '../../../../contract/packed/identities.ts'

export interface SearchSample {
  /** Indices in their splits. */
  query: number[]
  gallery: number[]
}

/**
 * All queries and gallery images, or, where they are more than `most`, about so many: those of every n-th identity, and
 * every n-th distractor. Found among fewer, identities are found more easily, by every model alike.
 */
export function searchSample(query: Int32Array, gallery: Int32Array, most: number): SearchSample {
  const step = Math.ceil((query.length + gallery.length) / most)
  const identities = [...new Set(query)].sort((a, b) => a - b)
  const kept = new Set(identities.filter((_, i) => i % step === 0))
  const others: number[] = []
  for (const [i, identity] of gallery.entries())
    if (!kept.has(identity) && identity <= DISTRACTOR) others.push(i)
  const distractors = new Set(others.filter((_, i) => i % step === 0))
  return {
    query: indicesOf(query, (identity) => kept.has(identity)),
    gallery: indicesOf(gallery, (identity, i) => kept.has(identity) || distractors.has(i)),
  }
}

function indicesOf(identities: Int32Array, isKept: (identity: number, index: number) => boolean): number[] {
  return Array.from(identities.keys()).filter((i) => isKept(identities[i] as number, i))
}
