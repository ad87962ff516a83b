/** The experiment that a cohort's run becomes by the switch “prove it”: the same students, alone and as the cohort has it. */
import { teachingOf } from '../../../contract/cohort.ts'
import type { NumberRange } from '../../forms/number-range.ts'
import type { CohortRowFragment } from '../../graphql/generated/operations.ts'

export const ALONE = 'alone'
export const USUAL_SEEDS = 5
export const seedCountRange: NumberRange = {
  isInteger: true,
  min: 2,
  max: 30,
  excludesMin: false,
  excludesMax: false,
}
/** Looks of a stopping rule: after three seeds, then after every second one, and at the end. */
const FIRST_LOOK = 3
const SEEDS_BETWEEN_LOOKS = 2

export interface ProofWishes {
  /** As it was typed. */
  seeds: number | string
  /** Ends as soon as it is decided. */
  mayEndEarly: boolean
}

interface ProvenRun {
  cohort: CohortRowFragment
  condition: string
  preset: string
  overrides: object
  seed: number
}

const ARM_NAMES = {
  MUTUAL: 'mutual',
  ENSEMBLE_TEACHER: 'ensemble teacher',
  DISTILLATION: 'distillation',
  INDEPENDENT: 'mutual',
} as const

/** An experiment's file, as the `experiment` command reads it, too. */
export function proofOf(run: ProvenRun, { seeds, mayEndEarly }: ProofWishes & { seeds: number }) {
  const { cohort, condition, preset, overrides, seed } = run
  const students = cohort.students.map(({ name, architecture, start }) => ({
    name,
    architecture,
    ...(start && {
      ...{ startModelId: start.modelId, startWeightsId: start.weightsId },
      frozenEpochs: start.frozenEpochs,
    }),
  }))
  const { method } = cohort.teaching
  // A cohort that learns alone is proven against the same students teaching each other.
  const teaching = method === 'INDEPENDENT' ? { method: 'MUTUAL' } : teachingOf(cohort.teaching)
  return {
    title: `Does “${cohort.name}” gain by its teaching?`,
    recipe: { preset, overrides },
    conditions: [{ name: condition.slice(0, 60) }],
    arms: [
      { name: ALONE, students, teaching: { method: 'INDEPENDENT' } },
      { name: ARM_NAMES[method], students, teaching },
    ],
    seeds: Array.from({ length: seeds }, (_, i) => seed + i),
    ...(mayEndEarly && canEndEarly(seeds) && { stopping: { looks: looksFor(seeds) } }),
  }
}

export function canEndEarly(seeds: number): boolean {
  return seeds > FIRST_LOOK
}

export function looksFor(seeds: number): number[] {
  const looks = []
  for (let look = FIRST_LOOK; look < seeds; look += SEEDS_BETWEEN_LOOKS) looks.push(look)
  return [...looks, seeds]
}

/** Why a cohort cannot be compared with itself alone; null if it can. */
export function whyNotProven({ students }: CohortRowFragment): string | null {
  if (students.length < 2) return 'A single student has nobody to learn from.'
  if (students.some(({ start }) => start && start.modelId === null))
    return 'Its students begin with weights of a file, which an experiment cannot name.'
  return students.some(({ finishedModel }) => finishedModel)
    ? 'Its teacher is a finished model, which has no twin that learns alone.'
    : null
}

/** So many seeds that are not used yet, beginning after the highest. */
export function freshSeeds(used: readonly number[], count: number): number[] {
  const first = Math.max(0, ...used) + 1
  return Array.from({ length: count }, (_, i) => first + i)
}
