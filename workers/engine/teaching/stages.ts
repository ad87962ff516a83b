import { type Cohort, countStages, type Student, type Teaching } from '../../../contract/cohort.ts'
import type { Recipe } from '../../../contract/recipes/recipe.ts'
import type { Pictures } from '../batches/packed-split.ts'
import type { UnlabelledPart } from '../batches/training-batches.ts'

/** A part of a run, of the recipe's number of epochs, in which some of the students are trained. */
export interface Stage {
  /** Indices in the cohort, in the order in which they are updated. */
  learners: number[]
  /** The frozen student that teaches the learners. */
  teacher: number | null
  teaching: Teaching
}

/**
 * The stages of a run, in order. Only DISTILLATION can have two: unless the first student is a finished
 * model, it is first trained alone, exactly as under INDEPENDENT; then it is frozen and teaches the others.
 */
export function stagesOf(teaching: Teaching, students: readonly Pick<Student, 'weightsSha256'>[]): Stage[] {
  const all = [...students.keys()]
  if (teaching.method !== 'DISTILLATION') return [{ learners: all, teacher: null, teaching }]
  const follow = { learners: all.slice(1), teacher: 0, teaching }
  if (countStages(teaching, students[0]?.weightsSha256 !== undefined) === 1) return [follow]
  return [{ learners: [0], teacher: null, teaching: { ...teaching, method: 'INDEPENDENT' } }, follow]
}

/** Whether a run learns from images without labels: not where all learn alone. */
export function takesUnlabelled(
  { unlabelledRatio }: Pick<Recipe, 'unlabelledRatio'>,
  { teaching }: Pick<Cohort, 'teaching'>,
): boolean {
  return unlabelledRatio > 0 && teaching.method !== 'INDEPENDENT'
}

/** Images without labels in each step of a stage: none where nobody teaches. */
export function unlabelledPerStep(
  { teaching }: Stage,
  { batchSize, unlabelledRatio }: Pick<Recipe, 'batchSize' | 'unlabelledRatio'>,
): number {
  return teaching.method === 'INDEPENDENT' ? 0 : unlabelledRatio * batchSize
}

export function unlabelledPart(
  split: Pictures | undefined,
  stages: readonly Stage[],
  recipe: Recipe,
): UnlabelledPart | undefined {
  return split && { split, perStep: stages.map((stage) => unlabelledPerStep(stage, recipe)) }
}
