import { type Fork, sinceWhen } from '../../../contract/runs/fork.ts'
import type { TrainingBatch } from '../batches/training-batches.ts'
import { type Tensor, tf } from '../tensorflow.ts'

/**
 * Which update of a student a step is. It counts from the stage's first step, or from where the student joined the
 * cohort: then its optimizer state is 0 and its average is its initial weights, which Adam's bias correction and the
 * average's share account for. Only where such a student is among the learners does a step have inputs for each.
 */
export interface UpdateCounts {
  /** Of an input for all learners, made one for each where they differ. */
  shapeOf(shape: number[]): number[]
  /** @param at  the values of an update, from 1 */
  inputs(batch: TrainingBatch, at: (update: number) => Float32Array): Float32Array
  /** The part of a learner, by its place among them. */
  each(input: Tensor): (place: number) => Tensor
  /** Epochs that each learner has learned in before the one of the batch. */
  epochsOf(batch: TrainingBatch): number[]
}

export function countUpdates(learners: readonly string[], joined: Fork['joined']): UpdateCounts {
  const since = learners.map((name) => sinceWhen(joined, name) ?? 0)
  const differ = since.some((step) => step > 0)
  /** Steps of the stage that were over when each began. */
  const missedOf = ({ step, stageStep }: TrainingBatch) => {
    const stageStart = step - stageStep
    return since.map((began) => Math.max(0, began - stageStart))
  }
  return {
    shapeOf: (shape) => (differ ? [learners.length, ...shape] : shape),
    inputs(batch, at) {
      if (!differ) return at(batch.stageStep + 1)
      return Float32Array.from(missedOf(batch).flatMap((missed) => [...at(batch.stageStep + 1 - missed)]))
    },
    each(input) {
      if (!differ) return () => input
      const parts = tf.unstack(input)
      return (place) => parts[place] as Tensor
    },
    epochsOf: (batch) =>
      missedOf(batch).map((missed) => Math.floor((batch.stageStep - missed) / batch.stepsPerEpoch)),
  }
}
