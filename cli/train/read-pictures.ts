import { IMAGE_PIXELS } from '../../contract/limits.ts'
import { PreparedBy } from '../../contract/packed/manifest.ts'
import { type Preparation, WHITE } from '../../contract/packed/preparation.ts'
import type { WantedShape } from '../../workers/datasets/pictures/choose-shape.ts'
import { check } from './check.ts'
import { UsageError } from './usage-error.ts'

/** Width and height of the images as packed. @throws UsageError */
export function readSize(size: string | undefined): WantedShape {
  if (size === undefined) return { width: null, height: null, channels: null }
  const match = /^(\d{1,4})(?:[x×](\d{1,4}))?$/.exec(size)
  if (!match)
    throw new UsageError(`--size ${size}: write width x height in pixels, for example 64x48, or 64.`)
  const sides = [Number(match[1]), Number(match[2] ?? match[1])] as const
  const { min, max } = IMAGE_PIXELS
  if (sides.some((side) => side < min || side > max))
    throw new UsageError(`--size ${size}: a side has ${min} to ${max} pixels.`)
  return { width: sides[0], height: sides[1], channels: null }
}

const COLOURS: Record<string, string> = { white: WHITE, black: '#000000' }

/** How images come to that size, and what transparent ones lie on. @throws UsageError */
export function readPreparation({ fit, background }: { fit: string; background: string }): Preparation {
  const colour = background.toLowerCase()
  return check(PreparedBy, '', { fit: fit.toUpperCase(), background: COLOURS[colour] ?? colour })
}
