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
    return `No part matters much: ${covering} changes the ${measure} by ${formatDrop(MIN_SCALE)} at most.`
  if (most.drop <= 0)
    return `No part speaks for it: ${covering} raises the ${measure}, or leaves it as it is, in every part of the image.`
  return `It depends most on ${nameRegion(most)}: there, ${covering} lowers the ${measure} by ${formatDrop(most.drop)} on average.`
}

/** A drop with two digits; what it rises by is below zero. */
export function formatDrop(drop: number): string {
  const text = Math.abs(drop).toFixed(2)
  return drop < 0 && text !== '0.00' ? `−${text}` : text
}
