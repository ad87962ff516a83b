/** The format in which an experiment is written down, for the command and for the service alike. */
import { z } from 'zod'
import { Cohort } from '../../contract/cohort.ts'
import { PRESET_NAMES, resolveRecipe } from '../../contract/recipes/recipe-presets.ts'
import { Seed } from '../../contract/seed.ts'
import { StartingWeights } from '../../contract/starting-weights.ts'
import { ThreadsPerOperation } from '../../contract/training.ts'
import type { Arm, ExperimentRecord } from '../record.ts'
import { Stopping } from '../stopping.ts'
import { checkPairing, UNPAIRABLE_KEYS } from './check-pairing.ts'
import { DesignProblem } from './design-problem.ts'

export const MOST_SEEDS = 100

const Name = z.string().min(1).max(60)
const Overrides = z.record(z.string(), z.json())

const StudentEntry = z.strictObject({
  name: z.string(),
  architecture: z.string(),
  /** Of the service alone: the trained model whose weights it begins with. */
  startModelId: z.string().max(60).nullish(),
  /** Of the service alone, too: the team's file of weights that it begins with. */
  startWeightsId: z.string().max(60).nullish(),
  /** For so many epochs only what is new learns. */
  frozenEpochs: StartingWeights.shape.frozenEpochs.nullish(),
})

const ArmEntry = z.strictObject({
  name: Name,
  /** An architecture each, or a name with one; without names they are student-1, student-2 and so on. */
  students: z.array(z.union([z.string(), StudentEntry])).min(1),
  teaching: z.json().optional(),
  /** The arm it is compared with; null for none, the first arm if omitted. */
  control: Name.nullable().optional(),
})

export const ExperimentFile = z.strictObject({
  title: z.string().min(1).max(200),
  /** What it was written for, and where that is to be had; it may be tried on other data of the kind. */
  data: z
    .strictObject({
      kind: z.enum(['CLASSIFICATION', 'RETRIEVAL']),
      name: z.string().min(1).max(100),
      source: z.string().min(1).max(300),
    })
    .optional(),
  /** Most images of each class that are used; null uses all. */
  subset: z
    .strictObject({
      trainPerClass: z.int().min(1).nullable(),
      testPerClass: z.int().min(1).nullable(),
      seed: z.int().min(0),
    })
    .nullable()
    .default(null),
  /** For every trial; chosen for this machine if omitted. */
  threadsPerOperation: ThreadsPerOperation.optional(),
  recipe: z.strictObject({ preset: z.enum(PRESET_NAMES), overrides: Overrides.default({}) }),
  /** Circumstances under which all arms are compared; each may change the recipe. */
  conditions: z
    .array(z.strictObject({ name: Name, overrides: Overrides.default({}) }))
    .min(1)
    .max(20),
  /** What is compared. Under one condition and seed all arms begin with the same weights and see the same batches. */
  arms: z.array(ArmEntry).min(1).max(40),
  seeds: z.array(Seed).min(1).max(MOST_SEEDS),
  /** When it may end early; declared before the start. Without it, every seed is trained. */
  stopping: Stopping.optional(),
})
export type ExperimentFile = z.infer<typeof ExperimentFile>

/** An experiment with every cohort and recipe resolved. */
export interface Design
  extends Pick<ExperimentFile, 'title' | 'subset' | 'seeds' | 'threadsPerOperation' | 'stopping'> {
  preset: ExperimentFile['recipe']['preset']
  conditions: ExperimentRecord['conditions']
  arms: Arm[]
}

/** Reads an experiment's file. @throws DesignProblem that names what is wrong */
export function readDesign(content: unknown): Design {
  refuseOwnCircumstances(content)
  const file = resolve('it is no experiment', () => ExperimentFile.parse(content))
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
  const { title, subset, seeds, threadsPerOperation, stopping } = file
  checkPairing({ arms, seeds, conditions: conditions.map(({ name }) => name) })
  if (stopping && stopping.looks.at(-1) !== seeds.length)
    throw new DesignProblem(
      `The last look of the stopping rule is at ${stopping.looks.at(-1)} seeds, but the experiment has ${seeds.length}. Let it be at all of them.`,
    )
  const { preset } = file.recipe
  return { title, subset, seeds, threadsPerOperation, stopping, preset, conditions, arms }
}

function cohortOf({ students, teaching }: z.infer<typeof ArmEntry>): Cohort {
  return Cohort.parse({
    students: students.map((student, i) =>
      typeof student === 'string'
        ? { name: `student-${i + 1}`, architecture: student }
        : { name: student.name, architecture: student.architecture },
    ),
    teaching,
  })
}

/** All arms share data, batches and the rest; a difference between arms must come from the teaching alone. */
function refuseOwnCircumstances(file: unknown): void {
  const { arms } = (file ?? {}) as { arms?: unknown }
  if (!Array.isArray(arms)) return
  for (const arm of arms as Record<string, unknown>[]) {
    const own = UNPAIRABLE_KEYS.find((key) => Object.hasOwn(arm ?? {}, key))
    if (own)
      throw new DesignProblem(
        `Arm ${String(arm.name)} sets its own “${own}”, so it cannot be paired with the others: all arms share data, batches and recipe. To change the recipe for all arms, add a condition.`,
      )
  }
}

function resolve<Result>(what: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw new DesignProblem(`${what}: ${firstWords(error)}.`)
  }
}

function firstWords(error: unknown): string {
  if (!(error instanceof z.ZodError)) return (error as Error).message
  const [issue] = error.issues
  return [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')
}
