import type { Lesson } from './teaching-graph.ts'

interface Measured {
  /** KL(p_from || p_to) on the test images, nats; null before they are evaluated. */
  divergence: readonly (readonly number[])[] | null | undefined
  /** A student's latest loss from all of its peers (equation 4 of the paper); null before the first step. */
  lossOf: (student: number) => number | null
}

/**
 * How far a student's predictions are from those it learns from, in nats: between the two students on the test images
 * where that was measured, by its loss from its peers where not. Null for labels.
 */
export function strengthOfLesson({ from, to }: Lesson, { divergence, lossOf }: Measured): number | null {
  if (from === 'LABELS' || to === 'MEAN') return null
  const measured = typeof from === 'number' ? divergence?.[from]?.[to] : undefined
  return measured ?? lossOf(to)
}
