import { countStages, type Student, type Teaching } from '../../../contract/cohort.ts'

/** A part of a run, as long as the recipe's epochs, in which some students learn. */
export interface Stage {
  /** Indices in the cohort, in the order in which they are updated. */
  learners: number[]
  /** The frozen student whom the learners follow. */
  teacher: number | null
  teaching: Teaching
}

/**
 * The stages of a run, in order. Only DISTILLATION can have two: the first student learns alone, exactly as it would
 * under INDEPENDENT, unless it is a finished model; then it is frozen, and the others learn from it.
 */
export function stagesOf(teaching: Teaching, students: readonly Pick<Student, 'weightsSha256'>[]): Stage[] {
  const all = [...students.keys()]
  if (teaching.method !== 'DISTILLATION') return [{ learners: all, teacher: null, teaching }]
  const follow = { learners: all.slice(1), teacher: 0, teaching }
  if (countStages(teaching, students[0]?.weightsSha256 !== undefined) === 1) return [follow]
  return [{ learners: [0], teacher: null, teaching: { ...teaching, method: 'INDEPENDENT' } }, follow]
}
