/** An experiment's design and results as they are kept in a file; tables, chart and verdicts are derived from it. */
import { z } from 'zod'
import { Cohort } from '../contract/cohort.ts'
import { RunEvaluation } from '../contract/evaluation.ts'
import { Recipe } from '../contract/recipes/recipe.ts'
import { ThreadsPerOperation } from '../contract/training.ts'
import { Stopping } from './stopping.ts'

/** Environment that makes a graphics card's operations deterministic, set for every trial; a processor's are so anyway. */
export const DETERMINISTIC = { TF_DETERMINISTIC_OPS: '1', TF_CUDNN_DETERMINISTIC: '1' }

/** What rounding depends on besides the trial itself: the same for every trial, or they could not be paired. */
export const Execution = z.strictObject({
  engineVersion: z.string(),
  threadsPerOperation: ThreadsPerOperation,
  /** Null where trials ran on several machines, which the service does not note. */
  processor: z.string().nullable(),
  cores: z.int().nullable(),
  /** Environment variables of TensorFlow, its libraries and the device. */
  settings: z.record(z.string(), z.string()),
})
export type Execution = z.infer<typeof Execution>

export const Arm = z.strictObject({
  name: z.string(),
  cohort: Cohort,
  /** The name of the arm that it is compared with; null of one that is compared with none. */
  control: z.string().nullable(),
})
export type Arm = z.infer<typeof Arm>

const TrialRecord = z.strictObject({
  condition: z.string(),
  arm: z.string(),
  seed: z.int(),
  seconds: z.number(),
  /** Missing of a trial that failed. */
  evaluation: RunEvaluation.optional(),
  /** Why it failed. */
  failure: z.string().optional(),
})
export type TrialRecord = z.infer<typeof TrialRecord>

export const ExperimentRecord = z.strictObject({
  format: z.literal('studyhall-experiment-1'),
  title: z.string(),
  conditions: z.array(z.strictObject({ name: z.string(), recipe: Recipe })),
  arms: z.array(Arm),
  seeds: z.array(z.int()),
  /** The rule by which it may end early, if one was declared. */
  stopping: Stopping.optional(),
  /** Why not every trial is to be trained any more. */
  ending: z.enum(['CANCELED', 'DECIDED']).optional(),
  /** Null of experiments from before it was recorded. */
  execution: Execution.nullable(),
  images: z.strictObject({
    /** Those of the data, also those that a recipe's `validationShare` sets aside. */
    train: z.int(),
    /** Whether the data have validation images of their own, so that none are set aside; missing where they have none. */
    hasValidation: z.literal(true).optional(),
    /** Of RETRIEVAL the queries. */
    test: z.int(),
    /** Test images in the data; fewer are used where the experiment takes a subset. */
    testThere: z.int(),
  }),
  /** The trials that have ended, in the order in which they were trained. */
  trials: z.array(TrialRecord),
})
export type ExperimentRecord = z.infer<typeof ExperimentRecord>
