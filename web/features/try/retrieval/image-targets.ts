import { formatIdentity } from '../../../design/format-numbers.ts'
import { similarityTo } from '../heat/scores.ts'
import type { HeatTarget } from '../heat/targets.ts'
import type { TensorFlow } from '../networks/load-tensorflow.ts'
import { computeFeatures } from '../networks/run-network.ts'
import { type Found, toUnitFeatures, type UnitFeatures } from './find-nearest.ts'
import type { Gallery } from './use-gallery-features.ts'

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
