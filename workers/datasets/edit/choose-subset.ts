import { createHash } from 'node:crypto'

/**
 * Of every class the pictures with the lowest seeded hashes of their places.
 * @param labels  one a picture
 * @param perClass  the most of each class; null takes all
 * @param key  which pictures are taken depends on this and on their places alone
 */
export function chooseSubset(
  labels: ArrayLike<number>,
  classes: number,
  { perClass, key }: { perClass: number | null; key: string },
): Set<number> {
  const all = Array.from({ length: labels.length }, (_, index) => index)
  if (perClass === null) return new Set(all)
  const byClass: { index: number; rank: string }[][] = Array.from({ length: classes }, () => [])
  for (const index of all) {
    const rank = createHash('sha256').update(`${key}/${index}`).digest('hex')
    byClass[labels[index]!]!.push({ index, rank })
  }
  return new Set(
    byClass.flatMap((members) =>
      members
        .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
        .slice(0, perClass)
        .map(({ index }) => index),
    ),
  )
}
