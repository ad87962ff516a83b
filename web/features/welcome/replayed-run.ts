import type { TeachingRules } from '../teaching/teaching-graph.ts'
import recorded from './recorded/run.json'

type Name = 'testTop1' | 'loss' | 'mutualLoss'

/** What scripts/record-run.ts wrote. */
export const RUN = recorded as Omit<typeof recorded, 'teaching'> & { teaching: TeachingRules }
export const STEPS_PER_EPOCH = RUN.steps / RUN.epochs

/** What a student had measured of itself when a step was done. */
export function measuredUntil(student: number, name: Name, step: number) {
  const series = RUN.series.find((each) => each.student === student && each.name === name)
  const count = series ? series.steps.findLastIndex((each) => each <= step) + 1 : 0
  return { steps: series?.steps.slice(0, count) ?? [], values: series?.values.slice(0, count) ?? [] }
}

/** The epoch that a step belongs to, from 1. */
export function epochOf(step: number): number {
  return Math.min(RUN.epochs, Math.floor(step / STEPS_PER_EPOCH) + 1)
}
