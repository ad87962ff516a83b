import type { SharedRunPartsFragment } from '../../graphql/generated/operations.ts'
import recorded from './recorded/run.json'

/** What scripts/record-run.ts wrote. */
export const RECORDED: Omit<typeof recorded, 'run'> = recorded
export const RUN = recorded.run as SharedRunPartsFragment
export const { students: STUDENTS, meanPosteriorTop1: ENSEMBLE_TOP1 } = recorded.run.evaluation
export const { steps: STEPS, epochs: EPOCHS } = recorded.run.progress
export const STEPS_PER_EPOCH = STEPS / EPOCHS
export const TRAIN_COUNT = recorded.run.dataset.splits.find(({ name }) => name === 'train')?.count ?? 0

/** What a student had measured of itself when a step was done. */
export function measuredUntil(student: number, name: string, step: number) {
  const series = RUN.metrics.find((each) => each.student === student && each.name === name)
  const count = series ? series.steps.findLastIndex((each) => each <= step) + 1 : 0
  return { steps: series?.steps.slice(0, count) ?? [], values: series?.values.slice(0, count) ?? [] }
}

/** The epoch that a step belongs to, from 1. */
export function epochOf(step: number): number {
  return Math.min(EPOCHS, Math.floor(step / STEPS_PER_EPOCH) + 1)
}

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' })

/** `November 28, 2026`. */
export const RECORDED_ON = DAY.format(new Date(recorded.run.finishedAt))
