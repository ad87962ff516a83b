import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { Cohort } from '../../contract/cohort.ts'
import type { Recipe } from '../../contract/recipes/recipe.ts'
import { PRESET_NAMES, resolveRecipe } from '../../contract/recipes/recipe-presets.ts'
import { ThreadsPerOperation } from '../../contract/training.ts'
import { UsageError } from '../train/usage-error.ts'
import { checkPairing, UNPAIRABLE_KEYS } from './check-pairing.ts'

const Name = z.string().min(1).max(60)
const Overrides = z.record(z.string(), z.unknown())

const Arm = z.strictObject({
  name: Name,
  students: z.array(z.string()).min(1),
  teaching: z.unknown(),
  /** The arm it is compared with; null for none, the first arm if omitted. */
  control: Name.nullable().optional(),
})

const ExperimentFile = z.strictObject({
  title: z.string().min(1).max(200),
  /** Most images of each class that are used; null uses all. */
  subset: z
    .strictObject({
      trainPerClass: z.int().min(1).nullable(),
      testPerClass: z.int().min(1).nullable(),
      seed: z.int().min(0),
    })
    .nullable(),
  /** For every trial; chosen for this machine if omitted. */
  threadsPerOperation: ThreadsPerOperation.optional(),
  recipe: z.strictObject({ preset: z.enum(PRESET_NAMES), overrides: Overrides.default({}) }),
  /** Circumstances under which all arms are compared; each may change the recipe. */
  conditions: z.array(z.strictObject({ name: Name, overrides: Overrides.default({}) })).min(1),
  /** What is compared. Under one condition and seed all arms begin with the same weights and see the same batches. */
  arms: z.array(Arm).min(1),
  seeds: z.array(z.int().min(0)).min(1).max(100),
})

export interface Trial {
  condition: string
  arm: string
  seed: number
  cohort: Cohort
  recipe: Recipe
}

export interface ExperimentArm {
  name: string
  cohort: Cohort
  /** The arm it is compared with; null for none. */
  control: string | null
}

export interface Experiment
  extends Pick<z.infer<typeof ExperimentFile>, 'title' | 'subset' | 'seeds' | 'threadsPerOperation'> {
  conditions: { name: string; recipe: Recipe }[]
  arms: ExperimentArm[]
  /** Seeds outermost, so that an experiment that is cut short has whole pairs. */
  trials: Trial[]
}

/** Reads an experiment and resolves every cohort and recipe. @throws UsageError that names what is wrong */
export function readExperiment(path: string): Experiment {
  const file = parse(path)
  const conditions = file.conditions.map(({ name, overrides }) => ({
    name,
    recipe: resolve(`condition ${name}`, () =>
      resolveRecipe(file.recipe.preset, { ...file.recipe.overrides, ...overrides }),
    ),
  }))
  const defaultControl = (i: number) => (i === 0 ? null : (file.arms[0]?.name ?? null))
  const arms = file.arms.map((arm, i) => ({
    name: arm.name,
    cohort: resolve(`arm ${arm.name}`, () => cohortOf(arm)),
    control: arm.control === undefined ? defaultControl(i) : arm.control,
  }))
  const { title, subset, seeds, threadsPerOperation } = file
  checkPairing({ arms, seeds, conditions: conditions.map(({ name }) => name) })
  const trials = seeds.flatMap((seed) =>
    conditions.flatMap((condition) =>
      arms.map(({ name, cohort }) => ({
        condition: condition.name,
        arm: name,
        seed,
        cohort,
        recipe: condition.recipe,
      })),
    ),
  )
  return { title, subset, seeds, threadsPerOperation, conditions, arms, trials }
}

function cohortOf({ students, teaching }: z.infer<typeof Arm>): Cohort {
  return Cohort.parse({
    students: students.map((architecture, i) => ({ name: `student-${i + 1}`, architecture })),
    teaching,
  })
}

function parse(path: string) {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'))
    refuseOwnCircumstances(file)
    return ExperimentFile.parse(file)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${path} is no experiment: ${firstWords(error)}.`)
  }
}

/** All arms share data, batches and the rest; a difference between arms must come from the teaching alone. */
function refuseOwnCircumstances(file: unknown): void {
  const { arms } = (file ?? {}) as { arms?: unknown }
  if (!Array.isArray(arms)) return
  for (const arm of arms as Record<string, unknown>[]) {
    const own = UNPAIRABLE_KEYS.find((key) => Object.hasOwn(arm ?? {}, key))
    if (own)
      throw new UsageError(
        `Arm ${String(arm.name)} sets its own “${own}”, so it cannot be paired with the others: all arms share data, batches and recipe. To change the recipe for all arms, add a condition.`,
      )
  }
}

function resolve<Result>(what: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw new UsageError(`${what}: ${firstWords(error)}.`)
  }
}

function firstWords(error: unknown): string {
  if (!(error instanceof z.ZodError)) return (error as Error).message
  const [issue] = error.issues
  return [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')
}
