/** By this part of a step each further dozen begins later: it never comes back to where one began. */
const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * Positions that are spread over a split, and so over its classes, where it is in their order; each once.
 * @param round which of the many ways, from 0
 */
export function spreadIndices(count: number, wanted: number, round: number): number[] {
  const step = Math.max(1, count / wanted)
  const shift = (round * GOLDEN) % 1
  return Array.from({ length: Math.min(count, wanted) }, (_, i) => Math.floor((i + shift) * step) % count)
}
