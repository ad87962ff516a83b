/** Which students of one cohort are compared with which of another. */
import type { Cohort, Student } from '../contract/cohort.ts'

/** The students that learn in a run, in order: all but the teacher of a DISTILLATION, which is frozen before they begin. */
export function learnersOf({ students, teaching }: Cohort): Student[] {
  return students.slice(teaching.method === 'DISTILLATION' ? 1 : 0)
}

/** The frozen teacher, where there is one. */
export function teacherOf({ students, teaching }: Cohort): Student | null {
  return teaching.method === 'DISTILLATION' ? (students[0] ?? null) : null
}

/**
 * The learners that have a twin among the control's: of the same name and architecture, so under one seed they begin with
 * the same weights and see the same batches.
 */
export function twinsOf(cohort: Cohort, control: Cohort): Student[] {
  const there = new Set(learnersOf(control).map(keyOf))
  return learnersOf(cohort).filter((student) => there.has(keyOf(student)))
}

/**
 * The control's learners whose average is compared with that of all learners of the cohort: their twins, where each has
 * one; else all of them, where both cohorts have a single architecture.
 * @returns null where the averages would be of different networks
 */
export function counterpartsOf(cohort: Cohort, control: Cohort): Student[] | null {
  const own = learnersOf(cohort)
  const others = learnersOf(control)
  if (twinsOf(cohort, control).length === own.length) return twinsOf(control, cohort)
  const architectures = new Set([...own, ...others].map(({ architecture }) => architecture))
  return architectures.size === 1 ? others : null
}

function keyOf({ name, architecture }: Student): string {
  return `${name}, ${architecture}`
}
