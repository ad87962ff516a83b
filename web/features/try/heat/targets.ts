import { formatIdentity, formatShare } from '../../../design/format-numbers.ts'
import type { TensorFlow } from '../networks/load-tensorflow.ts'
import { computeFeatures } from '../networks/run-network.ts'
import { type Found, toUnitFeatures, type UnitFeatures } from '../retrieval/find-nearest.ts'
import type { Gallery } from '../retrieval/use-gallery-features.ts'
import { probabilityOf, similarityTo } from './scores.ts'
import type { HeatRequest } from './use-heat-map.ts'

/** What a map can be of, for one student: a class, or an image to be like. */
export interface HeatTarget {
  value: string
  label: string
  makeScore: HeatRequest['makeScore']
}

/** All classes, the likeliest first. */
export function classTargets(posterior: Float32Array, classes: readonly string[]): HeatTarget[] {
  return Array.from(posterior, (share, index) => ({ share, index }))
    .toSorted((a, b) => b.share - a.share)
    .map(({ share, index }) => ({
      value: String(index),
      label: `${classes[index] ?? `class ${index}`}, ${formatShare(share)}`,
      makeScore: async () => probabilityOf(index),
    }))
}

/** The image itself, which what is covered makes it less like, and the nearest of the gallery. */
export function imageTargets(
  tf: TensorFlow,
  found: readonly Found[],
  gallery: Gallery,
  features: UnitFeatures,
): HeatTarget[] {
  const own: HeatTarget = {
    value: 'itself',
    label: 'The image itself',
    makeScore: async ({ network, file }, pixels) => {
      const { values } = toUnitFeatures(await computeFeatures(tf, network, file, [pixels]), 1)
      return similarityTo(Float32Array.from(values))
    },
  }
  const others = found.map(({ place }, rank): HeatTarget => {
    const { values, width } = features
    const unit = Float32Array.from(values.subarray(place * width, (place + 1) * width))
    return {
      value: String(place),
      label: `Rank ${rank + 1}, identity ${formatIdentity(gallery[place]?.identity ?? 0)}`,
      makeScore: async () => similarityTo(unit),
    }
  })
  return [own, ...others]
}
