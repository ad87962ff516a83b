import type { HeatMap } from './occlude.ts'
import { MIN_SCALE } from './paint.ts'
import { nameRegion } from './regions.ts'

/** What a drop is a drop of. */
export type Measure = 'probability' | 'cosine similarity'

/** What the map shows, for whoever does not see it. */
export function describeHeat({ regions, patch, scale }: HeatMap, measure: Measure): string {
  const [most] = regions.toSorted((a, b) => b.drop - a.drop)
  const covering = `covering ${patch} × ${patch} pixels`
  if (!most || scale <= MIN_SCALE)
    return `No part matters much: ${covering} changes the ${measure} by ${formatDrop(MIN_SCALE, scale)} at most.`
  if (most.drop <= 0)
    return `No part speaks for it: ${covering} raises the ${measure}, or leaves it as it is, in every part of the image.`
  return `It depends most on ${nameRegion(most)}: there, ${covering} lowers the ${measure} by ${formatDrop(most.drop, scale)} on average.`
}

/** From here on two digits tell drops apart. */
const LARGE_SCALE = 0.05

/**
 * A drop; what the score rises by is below zero.
 * @param scale the largest one beside it
 */
export function formatDrop(drop: number, scale: number): string {
  const text = Math.abs(drop).toFixed(scale < LARGE_SCALE ? 3 : 2)
  return drop < 0 && Number(text) !== 0 ? `−${text}` : text
}
