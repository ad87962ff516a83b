import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { Cohort } from '../../contract/cohort.ts'
import type { Recipe } from '../../contract/recipe.ts'
import { PRESET_NAMES, resolveRecipe } from '../../contract/recipe-presets.ts'
import { UsageError } from '../train/usage-error.ts'

const Name = z.string().min(1).max(60)
const Overrides = z.record(z.string(), z.unknown())

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
  recipe: z.strictObject({ preset: z.enum(PRESET_NAMES), overrides: Overrides.default({}) }),
  /** Circumstances under which all arms are compared; each may change the recipe. */
  conditions: z.array(z.strictObject({ name: Name, overrides: Overrides.default({}) })).min(1),
  /** What is compared. Under one condition and seed all arms begin with the same weights and see the same batches. */
  arms: z
    .array(z.strictObject({ name: Name, students: z.array(z.string()).min(1), teaching: z.unknown() }))
    .min(1),
  /** The first arm's name is what the others are compared with. */
  seeds: z.array(z.int().min(0)).min(1),
})

export interface Trial {
  condition: string
  arm: string
  seed: number
  cohort: Cohort
  recipe: Recipe
}

export interface Experiment extends Pick<z.infer<typeof ExperimentFile>, 'title' | 'subset' | 'seeds'> {
  conditions: string[]
  /** The first is the control. */
  arms: string[]
  /** Seeds outermost, so that an experiment that is cut short has whole pairs. */
  trials: Trial[]
}

/** Reads an experiment and resolves every cohort and recipe. @throws UsageError that names what is wrong */
export function readExperiment(path: string): Experiment {
  const file = parse(path)
  const trials = file.seeds.flatMap((seed) =>
    file.conditions.flatMap((condition) =>
      file.arms.map((arm) => ({
        condition: condition.name,
        arm: arm.name,
        seed,
        cohort: resolve(`arm ${arm.name}`, () =>
          Cohort.parse({
            students: arm.students.map((architecture, i) => ({ name: `student-${i + 1}`, architecture })),
            teaching: arm.teaching,
          }),
        ),
        recipe: resolve(`condition ${condition.name}`, () =>
          resolveRecipe(file.recipe.preset, { ...file.recipe.overrides, ...condition.overrides }),
        ),
      })),
    ),
  )
  return {
    title: file.title,
    subset: file.subset,
    seeds: file.seeds,
    conditions: file.conditions.map(({ name }) => name),
    arms: file.arms.map(({ name }) => name),
    trials,
  }
}

function parse(path: string) {
  try {
    return ExperimentFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new UsageError(`${path} is no experiment: ${firstWords(error)}.`)
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
