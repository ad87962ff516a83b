import { countHeldOut } from '../../../contract/recipes/held-out.ts'
import { createGenerator } from '../random.ts'
import type { Pictures } from './packed-split.ts'

/** Some images of a split. */
export interface SplitPart extends Pictures {
  /** Where each of them is in the split. */
  places: Uint32Array
}

/**
 * Parts a training split in two. The part set aside is spread evenly over the classes and depends on the seed alone; both
 * keep the split's order.
 */
export function holdOut(
  split: Pictures,
  share: number,
  seed: number,
): { learned: SplitPart; validation: SplitPart } {
  const chosen = chooseEvenly(split.labels, countHeldOut(share, split.count), seed)
  const indices = Array.from({ length: split.count }, (_, index) => index)
  return {
    learned: partOf(
      split,
      indices.filter((index) => !chosen.has(index)),
    ),
    validation: partOf(
      split,
      indices.filter((index) => chosen.has(index)),
    ),
  }
}

/** At most `most` images of a split, spread evenly over the classes by the seed alone. */
export function evenPart(split: Pictures, most: number, seed: number): SplitPart {
  const chosen = chooseEvenly(split.labels, Math.min(most, split.count), seed)
  return partOf(
    split,
    [...chosen].sort((one, other) => one - other),
  )
}

/** Ordered by label, and at random within each, every n-th image. */
function chooseEvenly(labels: Int32Array, count: number, seed: number): Set<number> {
  const random = createGenerator('validation', seed)
  const ranked = Array.from(labels, (label, index) => ({ label, index, rank: random.uniform() }))
  ranked.sort((a, b) => a.label - b.label || a.rank - b.rank || a.index - b.index)
  const chosen = new Set<number>()
  for (let i = 0; i < count; i++) {
    const picture = ranked[Math.floor(((i + 0.5) * ranked.length) / count)]
    if (picture) chosen.add(picture.index)
  }
  return chosen
}

function partOf(split: Pictures, indices: readonly number[]): SplitPart {
  const places = Uint32Array.from(indices)
  const readPictures = (wanted: ArrayLike<number>, target: Uint8Array) =>
    split.readPictures(
      Uint32Array.from(wanted, (place) => places[place] as number),
      target,
    )
  return {
    places,
    count: places.length,
    labels: Int32Array.from(places, (index) => split.labels[index] as number),
    pictureSize: split.pictureSize,
    readPictures,
    get isLocal() {
      return split.isLocal
    },
    async readAll() {
      const all = new Uint8Array(places.length * split.pictureSize)
      await split.readPictures(places, all)
      return all
    },
  }
}
