import { type Cohort, Teaching } from '../../../contract/cohort.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import type { Recipe } from '../../../contract/recipes/recipe.ts'
import { checkForkedCohort } from '../../../contract/runs/fork.ts'
import { sentence } from '../../forms/sentence.ts'
import type { CohortRowFragment } from '../../graphql/generated/operations.ts'
import type { CohortValues } from '../cohorts/cohort-form-values.ts'

/** The cohort goes on as it is until somebody changes it. */
export function valuesOf({ name, students, teaching }: CohortRowFragment, step: number): CohortValues {
  return {
    ...teaching,
    peerAverageDecay: teaching.peerAverageDecay ?? '',
    name: nameFrom(name, step),
    students: students.map(({ id, name: student, architecture, start }) => ({
      ...{ key: id, name: student, architecture },
      startModelId: start?.modelId ?? null,
      startWeightsId: start?.weightsId ?? null,
    })),
    finishedModelId: students[0]?.finishedModel?.id ?? null,
    frozenEpochs: Math.max(0, ...students.map(({ start }) => start?.frozenEpochs ?? 0)),
  }
}

/** What the cohort of a fork is called until somebody gives it another name. */
export function nameFrom(cohort: string, step: number): string {
  const ending = `, from step ${step}`
  return `${cohort.slice(0, NAME_LENGTHS.cohort - ending.length)}${ending}`
}

export interface CohortChange {
  name: string
  what: 'stays' | 'joins' | 'leaves'
}

/** Who stays, joins and leaves: a student is known by its name. */
export function changesOf(
  before: readonly { name: string }[],
  after: readonly { name: string }[],
): CohortChange[] {
  const known = new Set(before.map(({ name }) => name))
  const kept = new Set(after.map(({ name }) => name))
  return [
    ...after.map(({ name }): CohortChange => ({ name, what: known.has(name) ? 'stays' : 'joins' })),
    ...before.flatMap(({ name }): CohortChange[] => (kept.has(name) ? [] : [{ name, what: 'leaves' }])),
  ]
}

/** Whether the cohort that was made of the run's differs from it in more than its own name. */
export function isOtherCohort(before: CohortValues, after: CohortValues): boolean {
  const told = ({ name: _, students, ...rest }: CohortValues) =>
    JSON.stringify([students.map(({ key: __, ...student }) => sorted(student)), sorted(rest)])
  return told(before) !== told(after)
}

function sorted(values: object): [string, unknown][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Whoever stays began as it began, though its architecture was another for a while in the form. */
export function withOwnBeginnings(before: CohortValues, after: CohortValues): CohortValues {
  const students = after.students.map((student) => {
    const own = before.students.find(({ name }) => name === student.name)
    if (!own) return student
    return { ...student, startModelId: own.startModelId, startWeightsId: own.startWeightsId }
  })
  return { ...after, students }
}

/** Why the run cannot go on with this cohort, as a sentence, before one is made; null if it can. */
export function whyNotWith(
  before: CohortValues,
  after: CohortValues,
  recipe: Recipe,
  epochs: number,
): string | null {
  const from = { cohort: forkedCohort(before), recipe }
  const misfit = checkForkedCohort(from, { cohort: forkedCohort(after), recipe: { ...recipe, epochs } })
  return misfit ? sentence(misfit.reason) : null
}

/** What of a cohort decides it here: whoever stays has its own weights anyway. */
function forkedCohort({ students, method, finishedModelId }: CohortValues): Cohort {
  const teacher =
    method === 'DISTILLATION' && finishedModelId !== null ? { weightsSha256: finishedModelId } : {}
  return {
    students: students.map(({ name, architecture }, i) => ({ name, architecture, ...(i === 0 && teacher) })),
    teaching: Teaching.parse({ method }),
  }
}

export interface ForkWishes {
  step: number
  epochs: number | string
  learningRate: number | string
  withTwin: boolean
}

/** Of the recipe, what differs from the run's. */
export function recipeChanges(
  recipe: Pick<Recipe, 'epochs' | 'learningRate'>,
  wanted: Pick<ForkWishes, 'epochs' | 'learningRate'>,
): { epochs?: number; learningRate?: number } {
  const [epochs, learningRate] = [Number(wanted.epochs), Number(wanted.learningRate)]
  return {
    ...(epochs !== recipe.epochs && { epochs }),
    ...(learningRate !== recipe.learningRate && { learningRate }),
  }
}

/** Why so many epochs leave nothing to train after a step; null if they do not. @param steps  of the run's own epochs */
export function whyTooShort(
  epochs: number,
  step: number,
  run: { epochs: number; steps: number | null },
): string | null {
  if (run.steps === null) return null
  const end = (run.steps / run.epochs) * epochs
  if (step < end) return null
  const last = Math.round(end).toLocaleString('en')
  return `The checkpoint is of step ${step.toLocaleString('en')}, and so many epochs end with step ${last}: give it more.`
}
