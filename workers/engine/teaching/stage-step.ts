import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { networkInputOf, type Recipe } from '../../../contract/recipes/recipe.ts'
import { augment, augmentedSignature, normalize } from '../batches/augmentation.ts'
import { erase, erasingSignature } from '../batches/erasing.ts'
import { resize } from '../batches/resize.ts'
import type { TrainingBatch } from '../batches/training-batches.ts'
import type { Signature } from '../capture/inputs.ts'
import type { ResidentRows } from '../capture/resident-rows.ts'
import type { Values } from '../capture/session.ts'
import type { LearningStudent } from '../learning-student.ts'
import { optimizerScalarsAt } from '../optimizers/student-optimizer.ts'
import { averagingShareAt } from '../optimizers/weight-average.ts'
import { type Tensor, tf } from '../tensorflow.ts'
import { drawPartners } from './partners.ts'
import type { Stage } from './stages.ts'
import { teachStep } from './teach-step.ts'

/** One step of a stage, before it is recorded. */
export interface StageStep {
  signature: Signature
  /** The inputs for a batch, as in the signature. */
  inputsOf(batch: TrainingBatch, learningRate: number): Record<string, Values>
  run(inputs: Record<string, Tensor>): { metrics: Tensor }
}

interface StepOptions {
  recipe: Recipe
  dataset: PackedDataset
  seed: number
  /** The training split's images, if they lie on the device. */
  residentPictures?: ResidentRows | undefined
}

type Inputs = Record<'pictures' | 'rows' | 'columns' | 'labels' | 'optimizerScalars', Tensor> &
  Partial<Record<'erasedRows' | 'erasedColumns' | 'partners' | 'averagingShare' | 'thawed', Tensor>>

/** @param students the whole cohort */
export function buildStageStep(
  stage: Stage,
  students: LearningStudent[],
  { recipe, dataset, seed, residentPictures }: StepOptions,
): StageStep {
  const learners = stage.learners.map((index) => students[index] as LearningStudent)
  const stateOf = new Map(learners.map((learner) => [learner.student, learner]))
  const teacher = stage.teacher === null ? undefined : students[stage.teacher]?.trained
  const run = (inputs: Record<string, Tensor>) => {
    const { labels, partners, optimizerScalars, averagingShare, thawed } = inputs as Inputs
    const isThawed = thawed && tf.unstack(tf.greater(thawed, 0.5))
    const metrics = teachStep(
      {
        learners: learners.map(({ student }) => student),
        teacher,
        teaching: stage.teaching,
        labelSmoothing: recipe.labelSmoothing,
        update: (student, gradients) => {
          const learner = stateOf.get(student)
          learner?.update(gradients, optimizerScalars, isThawed?.[learners.indexOf(learner)])
        },
      },
      { pictures: preparePictures(inputs as Inputs, recipe, dataset), labels, partners },
    )
    for (const learner of learners) learner.follow(averagingShare)
    return { metrics }
  }
  return {
    signature: {
      ...signatureOf(stage, recipe, dataset, residentPictures),
      ...(hasFrozen(learners) && { thawed: { dtype: 'float32', shape: [learners.length] } }),
    },
    inputsOf: (batch, learningRate) => ({
      ...inputsFor(stage, recipe, seed, residentPictures !== undefined)(batch, learningRate),
      ...(hasFrozen(learners) && { thawed: thawedAt(learners, batch.epoch - batch.stage * recipe.epochs) }),
    }),
    run,
  }
}

/** Crops and flips at the dataset's size, then resizes; erases at the networks' input size. */
function preparePictures(inputs: Inputs, recipe: Recipe, dataset: PackedDataset): Tensor {
  const { pictures, rows, columns, erasedRows, erasedColumns } = inputs
  const moved = augment(normalize(pictures, dataset), rows, columns)
  const resized = resize(moved, networkInputOf(recipe, dataset))
  return erasedRows && erasedColumns ? erase(resized, erasedRows, erasedColumns) : resized
}

function signatureOf(
  stage: Stage,
  recipe: Recipe,
  dataset: PackedDataset,
  rowsOf: ResidentRows | undefined,
): Signature {
  const { batchSize, augmentation, averageDecay } = recipe
  const augmented = augmentedSignature(batchSize, dataset)
  return {
    ...augmented,
    pictures: { ...augmented.pictures, rowsOf },
    ...(augmentation.erasing > 0 && erasingSignature(batchSize, networkInputOf(recipe, dataset))),
    labels: { dtype: 'int32', shape: [batchSize] },
    optimizerScalars: { dtype: 'float32', shape: [optimizerScalarsAt(recipe, 0, 1).length] },
    ...(hasPartners(stage) && { partners: { dtype: 'int32', shape: [stage.learners.length] } }),
    ...(averageDecay !== null && { averagingShare: { dtype: 'float32', shape: [] } }),
  }
}

function inputsFor(stage: Stage, recipe: Recipe, seed: number, byIndex: boolean): StageStep['inputsOf'] {
  const { averageDecay } = recipe
  return (
    { indices, pictures, rows, columns, erasedRows, erasedColumns, labels, epoch, stageStep },
    learningRate,
  ) => ({
    pictures: byIndex ? indices : pictures,
    rows,
    columns,
    ...(erasedRows && erasedColumns && { erasedRows, erasedColumns }),
    labels,
    optimizerScalars: optimizerScalarsAt(recipe, learningRate, stageStep + 1),
    ...(hasPartners(stage) && { partners: drawPartners(stage.learners.length, seed, epoch) }),
    ...(averageDecay !== null && {
      averagingShare: Float32Array.of(averagingShareAt(averageDecay, stageStep + 1)),
    }),
  })
}

function hasPartners({ teaching }: Stage): boolean {
  return teaching.partnerRule === 'ONE_PER_EPOCH'
}

function hasFrozen(learners: readonly LearningStudent[]): boolean {
  return learners.some(({ student }) => (student.start?.frozenEpochs ?? 0) > 0)
}

/** 1 for every learner whose given weights learn in that epoch of the stage, from 0. */
function thawedAt(learners: readonly LearningStudent[], epoch: number): Float32Array {
  return Float32Array.from(learners, ({ student }) => Number(epoch >= (student.start?.frozenEpochs ?? 0)))
}
