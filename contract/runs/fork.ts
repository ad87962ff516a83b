/** Runs that go on from a checkpoint of another run, with other students, another teaching or another recipe from there. */
import { z } from 'zod'
import { type Cohort, countStages, type Student } from '../cohort.ts'
import type { PackedDataset } from '../packed/manifest.ts'
import { countLearned } from '../recipes/held-out.ts'
import type { Recipe } from '../recipes/recipe.ts'

/** The checkpoint of another run that a run goes on from. */
export const Fork = z.strictObject({
  /** Of the checkpoint's file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Steps that had been done then. */
  step: z.int().min(1),
  /** Steps that had been done when a student joined, by name; students of the first step are not in it. */
  joined: z.record(z.string().max(40), z.int().min(1)),
})
export type Fork = z.infer<typeof Fork>

/** What of a run decides how it can be gone on from. */
export interface Forkable {
  cohort: Cohort
  recipe: Recipe
}

export interface ForkMisfit {
  /** Where in the fork's own input. */
  path: ['students' | 'teaching' | 'recipe', ...string[]]
  /** A sentence without its full stop. */
  reason: string
}

export interface StudentChanges {
  /** Who keeps weights, optimizer state and data order. A student is known by its name, wherever it stands. */
  stay: Student[]
  join: Student[]
  leave: Student[]
}

export function changesBetween(from: Cohort, to: Cohort): StudentChanges {
  const before = new Set(from.students.map(({ name }) => name))
  const after = new Set(to.students.map(({ name }) => name))
  return {
    stay: to.students.filter(({ name }) => before.has(name)),
    join: to.students.filter(({ name }) => !before.has(name)),
    leave: from.students.filter(({ name }) => !after.has(name)),
  }
}

/** Undefined for a student of the first step, even one called `constructor`. */
export function sinceWhen(joined: Fork['joined'], name: string): number | undefined {
  return Object.hasOwn(joined, name) ? joined[name] : undefined
}

/** @param earlier  how the run itself had been forked */
export function joinedAfter(
  { cohort, fork: earlier }: { cohort: Cohort; fork?: Fork | null | undefined },
  to: Cohort,
  step: number,
): Fork['joined'] {
  const { stay, join } = changesBetween(cohort, to)
  const kept = stay.flatMap(({ name }) => {
    const since = earlier ? sinceWhen(earlier.joined, name) : undefined
    return since === undefined ? [] : [[name, since] as const]
  })
  return Object.fromEntries([...kept, ...join.map(({ name }) => [name, step] as const)])
}

/**
 * Keys of a recipe that decide which images a step sees, or what a student's state consists of. Only `classSampling` may
 * change, and with it the images of the steps to come: networks that learned all images are balanced at the end.
 */
const FIXED: readonly [keyof Recipe, string][] = [
  ['batchSize', 'the order of images would be another'],
  ['inputSize', 'the networks would see images of another size'],
  ['labelNoise', 'the labels would be others'],
  ['validationShare', 'the training images would be others'],
]

/** The first reason why a run cannot go on as another from a checkpoint; undefined if it can. */
export function checkFork(
  from: Forkable,
  to: Forkable,
  { step, dataset }: { step: number; dataset: PackedDataset },
): ForkMisfit | undefined {
  return (
    checkForkedCohort(from, to) ??
    misfitOfRecipe(from, to, step) ??
    misfitOfLength(step, countSteps(to, dataset))
  )
}

/** The first reason why a run's students cannot go on in another cohort; undefined if they can. */
export function checkForkedCohort(from: Forkable, to: Forkable): ForkMisfit | undefined {
  return misfitOfStudents(from.cohort, to.cohort) ?? misfitOfTeaching(from, to)
}

function misfitOfStudents(from: Cohort, to: Cohort): ForkMisfit | undefined {
  const { stay } = changesBetween(from, to)
  if (stay.length === 0)
    return {
      path: ['students'],
      reason: 'nobody of the run stays, so that there is nothing to go on from; start a run instead',
    }
  for (const student of stay) {
    const before = from.students.find(({ name }) => name === student.name)
    if (before?.architecture !== student.architecture)
      return {
        path: ['students'],
        reason: `the student ${student.name} is a ${before?.architecture} in the run and cannot stay as a ${student.architecture}; give the newcomer a name of its own`,
      }
    if (before.weightsSha256 !== student.weightsSha256 || before.start?.sha256 !== student.start?.sha256)
      return {
        path: ['students'],
        reason: `the student ${student.name} began with other weights in the run; who stays goes on with what it has learned`,
      }
  }
  if (normalizationOf(from) === normalizationOf(to)) return undefined
  return {
    path: ['students'],
    reason:
      'who stays would see images of another normalisation, because of the weights that others begin with',
  }
}

/** The weights that students begin with decide it for all. */
function normalizationOf({ students }: Cohort): string {
  return JSON.stringify(students.find(({ start }) => start?.normalization)?.start?.normalization ?? null)
}

function misfitOfTeaching(from: Forkable, to: Forkable): ForkMisfit | undefined {
  const [before, after] = [from.cohort.teaching.method, to.cohort.teaching.method]
  if (before !== 'DISTILLATION' && after !== 'DISTILLATION') return undefined
  if (before !== after)
    return {
      path: ['teaching', 'method'],
      reason: `a run under ${before} cannot go on under ${after}, since the stages of a distillation count from its first step; start a run with the finished teacher instead`,
    }
  const [teacher, first] = [from.cohort.students[0], to.cohort.students[0]]
  if (teacher?.name !== first?.name)
    return {
      path: ['students'],
      reason: `the others learn from ${teacher?.name}, which must stay the first student under DISTILLATION`,
    }
  if (teacher?.weightsSha256 !== undefined || from.recipe.epochs === to.recipe.epochs) return undefined
  return {
    path: ['recipe', 'epochs'],
    reason: 'under DISTILLATION they say when the teacher’s own training ends, and cannot change on the way',
  }
}

function misfitOfRecipe(
  { recipe: from }: Forkable,
  { recipe: to }: Forkable,
  step: number,
): ForkMisfit | undefined {
  for (const [key, why] of FIXED)
    if (JSON.stringify(from[key]) !== JSON.stringify(to[key]))
      return {
        path: ['recipe', key],
        reason: `${why} than before step ${step}; leave it at ${JSON.stringify(from[key])}`,
      }
  if (from.optimizer.kind !== to.optimizer.kind)
    return {
      path: ['recipe', 'optimizer', 'kind'],
      reason: `who stays has the state of ${from.optimizer.kind}, which another optimizer cannot use; its settings may change`,
    }
  if ((from.averageDecay === null) === (to.averageDecay === null)) return undefined
  return {
    path: ['recipe', 'averageDecay'],
    reason: 'a moving average can be neither begun nor dropped on the way; its decay may change',
  }
}

function misfitOfLength(step: number, steps: number): ForkMisfit | undefined {
  if (step < steps) return undefined
  return {
    path: ['recipe', 'epochs'],
    reason: `the checkpoint is of step ${step}, and the recipe’s epochs end with step ${steps}; give it more epochs`,
  }
}

function countSteps({ cohort: { teaching, students }, recipe }: Forkable, dataset: PackedDataset): number {
  const stages = countStages(teaching, students[0]?.weightsSha256 !== undefined)
  const perEpoch = Math.floor(countLearned(dataset, recipe.validationShare) / recipe.batchSize)
  return stages * recipe.epochs * perEpoch
}
