/**
 * Why a cohort's students are better or worse than their twins, which learned alone from the same weights and batches
 * (section 3.6 of the paper), as far as it can be measured on the finished networks.
 */
import { z } from 'zod'
import { TrainingOrder } from '../training.ts'

/** How often a worker begins to measure a run's explanation, however often it is asked for. */
export const MOST_EXPLANATION_ATTEMPTS = 9

export const EXPLANATION_MEASURES = [
  'LOSS_RISE_PLAIN',
  'LOSS_RISE_FILTER',
  'POSTERIOR_ENTROPY',
  'RUNNER_UP_MASS',
  'WRONG_LABEL_MASS',
  'TRUE_LABEL_MASS',
  'DISAGREEMENT',
  'ERROR_CORRELATION',
  'DISAGREEMENT_AT_STEP',
] as const

/** One quantity of a student and of its twin, or of all students and of all twins. */
export const ExplanationMeasure = z.strictObject({
  name: z.enum(EXPLANATION_MEASURES),
  /** Null if it is about all students. */
  student: z.string().nullable(),
  /** Of LOSS_RISE: how strong the noise is. Of DISAGREEMENT_AT_STEP: the step. Else null. */
  level: z.number().nullable(),
  /** Of the student. */
  own: z.number(),
  /** Of its twin. */
  alone: z.number(),
  /** Differences own - alone, draw by draw of the noise or image by image; null where there is one number only. */
  difference: z.strictObject({ mean: z.number(), deviation: z.number(), count: z.int().min(1) }).nullable(),
})
export type ExplanationMeasure = z.infer<typeof ExplanationMeasure>

export const Explanation = z.strictObject({
  /** Training images that losses under noise and masses on wrong labels are measured on. */
  trainCount: z.int().min(1),
  testCount: z.int().min(1),
  /** How often noise was drawn for each strength. */
  draws: z.int().min(2),
  measures: z.array(ExplanationMeasure),
})
export type Explanation = z.infer<typeof Explanation>

/** The complete input of a process that explains a run. */
export const ExplainOrder = z.strictObject({
  /** The run's order; nothing is trained. */
  training: TrainingOrder,
  /** Local safetensors files with the weights of each student that has a twin, and of its twin, by the student's name. */
  weightPaths: z.record(z.string(), z.strictObject({ own: z.string(), alone: z.string() })),
})
export type ExplainOrder = z.infer<typeof ExplainOrder>

/** Any message of a process that explains a run: its progress from 0 to 1, and once its answer. */
export const ExplainMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), done: z.number() }),
  z.strictObject({ type: z.literal('explained'), explanation: Explanation }),
  z.strictObject({ type: z.literal('failed'), message: z.string() }),
])
export type ExplainMessage = z.infer<typeof ExplainMessage>
