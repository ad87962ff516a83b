import { createHash } from 'node:crypto'

/**
 * Of every class the images with the lowest seeded hashes of their places.
 * @param labels  one an image
 * @param perClass  the most of each class; null takes all
 * @param key  which images are taken depends on this and on their places alone
 */
export function chooseSubset(
  labels: ArrayLike<number>,
  { perClass, key }: { perClass: number | null; key: string },
): Set<number> {
  const all = Array.from(labels)
  if (perClass === null) return new Set(all.keys())
  const byClass = new Map<number, { index: number; rank: string }[]>()
  for (const [index, label] of all.entries()) {
    const members = byClass.get(label) ?? []
    byClass.set(label, members)
    members.push({ index, rank: createHash('sha256').update(`${key}/${index}`).digest('hex') })
  }
  return new Set(
    [...byClass.values()].flatMap((members) =>
      members
        .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
        .slice(0, perClass)
        .map(({ index }) => index),
    ),
  )
}
