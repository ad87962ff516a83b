import type { Lesson } from '../../teaching/teaching-graph.ts'
import type { RunFeed } from '../live/run-feed.ts'

/**
 * How far a student's predictions are from those it learns from, in nats: KL(p_from || p_to) between the two
 * students on the test images once measured; before that, the latest loss from all of its peers (equation 4
 * of the paper), which training measures per student. Null for labels, and before the first step.
 */
export function lessonStrength({ run, curves }: RunFeed, { from, to }: Lesson): number | null {
  if (from === 'LABELS' || to === 'MEAN') return null
  const measured = typeof from === 'number' ? run.evaluation?.peerDivergence?.[from]?.[to] : undefined
  if (measured !== undefined) return measured
  const loss = curves.find(({ student, name }) => student === to && name === 'mutualLoss')
  return loss?.values.at(-1) ?? null
}
