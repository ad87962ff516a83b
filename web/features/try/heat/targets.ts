import { formatShare } from '../../../design/format-numbers.ts'
import { probabilityOf } from './scores.ts'
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
