import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { networkInputOf, type Recipe } from '../../../contract/recipes/recipe.ts'
import type { Fork } from '../../../contract/runs/fork.ts'
import { augment, augmentedSignature, normalize } from '../batches/augmentation.ts'
import { erase, erasingSignature } from '../batches/erasing.ts'
import { isMixed, mix, mixingSignature } from '../batches/mixing.ts'
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
import { rampUpAt } from './ramp-up.ts'
import { type Stage, unlabelledPerStep } from './stages.ts'
import { teachStep } from './teach-step.ts'
import { countUpdates, type UpdateCounts } from './update-counts.ts'

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
  /** See `Fork`. */
  joined?: Fork['joined'] | undefined
  /** The training split's images, if they lie on the device. */
  residentPictures?: ResidentRows | undefined
}

type Inputs = Record<'pictures' | 'rows' | 'columns' | 'labels' | 'optimizerScalars', Tensor> &
  Partial<Record<'erasedRows' | 'erasedColumns' | 'mixedWith' | 'mixedRows' | 'mixedColumns', Tensor>> &
  Partial<Record<'otherShare' | 'labelWeights' | 'teachingShare', Tensor>> &
  Partial<Record<'partners' | 'averagingShare' | 'peerAveragingShare' | 'thawed', Tensor>>

/** @param students the whole cohort */
export function buildStageStep(
  stage: Stage,
  students: LearningStudent[],
  { recipe, dataset, seed, residentPictures, joined = {} }: StepOptions,
): StageStep {
  const learners = stage.learners.map((index) => students[index] as LearningStudent)
  const counts = countUpdates(
    learners.map(({ student }) => student.name),
    joined,
  )
  const stateOf = new Map(learners.map((learner) => [learner.student, learner]))
  const teacher = stage.teacher === null ? undefined : students[stage.teacher]?.trained
  const run = (inputs: Record<string, Tensor>) => {
    const { partners, optimizerScalars, averagingShare, peerAveragingShare, thawed } = inputs as Inputs
    const isThawed = thawed && tf.unstack(tf.greater(thawed, 0.5))
    const scalarsOf = counts.each(optimizerScalars)
    const shareOf = averagingShare && counts.each(averagingShare)
    const peerShareOf = peerAveragingShare && counts.each(peerAveragingShare)
    const metrics = teachStep(
      {
        learners: learners.map(({ student }) => student),
        teacher,
        teaching: stage.teaching,
        labelSmoothing: recipe.labelSmoothing,
        averageOf: (student) => stateOf.get(student)?.asPeer ?? student,
        update: (student, gradients, learns) => {
          const learner = stateOf.get(student)
          if (!learner) return
          const place = learners.indexOf(learner)
          learner.update(gradients, scalarsOf(place), isThawed?.[place], learns)
        },
      },
      { ...(inputs as Inputs), pictures: preparePictures(inputs as Inputs, recipe, dataset), partners },
    )
    for (const [place, learner] of learners.entries()) {
      learner.follow(shareOf?.(place))
      learner.followAsPeer(peerShareOf?.(place))
    }
    return { metrics }
  }
  return {
    signature: {
      ...signatureOf(stage, recipe, dataset, { rowsOf: residentPictures, counts }),
      ...(hasFrozen(learners) && { thawed: { dtype: 'float32', shape: [learners.length] } }),
    },
    inputsOf: (batch, learningRate) => ({
      ...inputsFor(stage, recipe, seed, { byIndex: residentPictures !== undefined, counts })(
        batch,
        learningRate,
      ),
      ...(hasFrozen(learners) && { thawed: thawedAt(learners, counts.epochsOf(batch)) }),
    }),
    run,
  }
}

/** Crops and flips at the dataset's size, then resizes; erases and mixes at the networks' input size. */
function preparePictures(inputs: Inputs, recipe: Recipe, dataset: PackedDataset): Tensor {
  const { pictures, rows, columns, erasedRows, erasedColumns, mixedWith, mixedRows, mixedColumns } = inputs
  const moved = augment(normalize(pictures, dataset), rows, columns)
  const resized = resize(moved, networkInputOf(recipe, dataset))
  const erased = erasedRows && erasedColumns ? erase(resized, erasedRows, erasedColumns) : resized
  return mixedWith && mixedRows && mixedColumns ? mix(erased, { mixedWith, mixedRows, mixedColumns }) : erased
}

function signatureOf(
  stage: Stage,
  recipe: Recipe,
  dataset: PackedDataset,
  { rowsOf, counts }: { rowsOf: ResidentRows | undefined; counts: UpdateCounts },
): Signature {
  const { batchSize, augmentation, averageDecay } = recipe
  const size = networkInputOf(recipe, dataset)
  const pictures = batchSize + unlabelledPerStep(stage, recipe)
  const augmented = augmentedSignature(pictures, dataset)
  return {
    ...augmented,
    pictures: { ...augmented.pictures, rowsOf },
    ...(augmentation.erasing > 0 && erasingSignature(pictures, size)),
    ...(isMixed(augmentation) && mixingSignature(batchSize, size)),
    labels: { dtype: 'int32', shape: [batchSize] },
    ...(recipe.classWeights === 'BALANCED' && { labelWeights: { dtype: 'float32', shape: [batchSize] } }),
    ...(isRampedUp(stage, recipe) && { teachingShare: { dtype: 'float32', shape: [] } }),
    optimizerScalars: { dtype: 'float32', shape: counts.shapeOf([optimizerScalarsAt(recipe, 0, 1).length]) },
    ...(hasPartners(stage) && { partners: { dtype: 'int32', shape: [stage.learners.length] } }),
    ...(averageDecay !== null && { averagingShare: { dtype: 'float32', shape: counts.shapeOf([]) } }),
    ...(stage.teaching.peerAverageDecay !== null && {
      peerAveragingShare: { dtype: 'float32', shape: counts.shapeOf([]) },
    }),
  }
}

function inputsFor(
  stage: Stage,
  recipe: Recipe,
  seed: number,
  { byIndex, counts }: { byIndex: boolean; counts: UpdateCounts },
): StageStep['inputsOf'] {
  const { averageDecay } = recipe
  const { peerAverageDecay } = stage.teaching
  return (batch, learningRate) => {
    const { augmentation, indices, pictures, labels, labelWeights, epoch, stageEpochs } = batch
    return {
      ...augmentation,
      pictures: byIndex ? indices : pictures,
      labels,
      ...(labelWeights && { labelWeights }),
      ...(isRampedUp(stage, recipe) && {
        teachingShare: Float32Array.of(rampUpAt(stageEpochs, recipe.teachingRampUpEpochs)),
      }),
      optimizerScalars: counts.inputs(batch, (update) => optimizerScalarsAt(recipe, learningRate, update)),
      ...(hasPartners(stage) && { partners: drawPartners(stage.learners.length, seed, epoch) }),
      ...(averageDecay !== null && {
        averagingShare: counts.inputs(batch, (update) =>
          Float32Array.of(averagingShareAt(averageDecay, update)),
        ),
      }),
      ...(peerAverageDecay !== null && {
        peerAveragingShare: counts.inputs(batch, (update) =>
          Float32Array.of(averagingShareAt(peerAverageDecay, update)),
        ),
      }),
    }
  }
}

/** Where nobody teaches, there is nothing to ramp up. */
function isRampedUp({ teaching }: Stage, { teachingRampUpEpochs }: Recipe): boolean {
  return teachingRampUpEpochs > 0 && teaching.method !== 'INDEPENDENT'
}

function hasPartners({ teaching }: Stage): boolean {
  return teaching.partnerRule === 'ONE_PER_EPOCH'
}

function hasFrozen(learners: readonly LearningStudent[]): boolean {
  return learners.some(({ student }) => (student.start?.frozenEpochs ?? 0) > 0)
}

/** 1 for every learner whose given weights learn. @param epochs  that each has begun before this one */
function thawedAt(learners: readonly LearningStudent[], epochs: readonly number[]): Float32Array {
  return Float32Array.from(learners, ({ student }, k) =>
    Number((epochs[k] as number) >= (student.start?.frozenEpochs ?? 0)),
  )
}
