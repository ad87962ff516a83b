import { evaluationBatches } from '../batches/evaluation-batches.ts'
import type { Pictures } from '../batches/packed-split.ts'
import { type CohortProgram, PREDICTION_BATCH } from '../cohort-program.ts'
import type { StudentNetwork } from '../students/student-network.ts'
import { rowOf } from './scores.ts'

/** The cohort under examination, in its current state. */
export interface Examinees {
  students: StudentNetwork[]
  program: CohortProgram
  /** Called between batches; may throw to abort the evaluation. */
  betweenBatches: BetweenBatches
}

export type BetweenBatches = () => Promise<void>

/** The students' outputs for one image. */
export interface PicturePrediction {
  /** Index in the split. */
  index: number
  label: number
  /** One per student; overwritten by the next batch. */
  logits: Float32Array[]
  /** All students' features, concatenated; overwritten by the next batch. */
  features: Float32Array
}

/** Predictions for every image of a split, in order. */
export async function* predictions(
  { students, program, betweenBatches }: Examinees,
  classes: number,
  split: Pictures,
): AsyncGenerator<PicturePrediction> {
  let index = 0
  for await (const { pictures, labels, count } of evaluationBatches(split, PREDICTION_BATCH)) {
    await betweenBatches()
    const { logits, features } = program.predict(pictures)
    const width = features.length / PREDICTION_BATCH
    for (let i = 0; i < count; i++) {
      yield {
        index: index++,
        label: labels[i] as number,
        logits: students.map((_, k) => rowOf(logits, k * PREDICTION_BATCH + i, classes)),
        features: rowOf(features, i, width),
      }
    }
  }
}
