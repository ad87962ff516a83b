import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { networkInputOf, type Recipe } from '../../../contract/recipes/recipe.ts'
import { createGenerator, drawPermutation } from '../random.ts'
import { drawSourceGrid, type SourceGrid } from './augmentation.ts'
import { balancedOrder } from './class-sampling.ts'
import { balancedWeights } from './class-weights.ts'
import { drawErasedRectangles, type ErasedRectangles } from './erasing.ts'
import { drawMixing, isMixed, type Mixing } from './mixing.ts'
import type { Pictures } from './packed-split.ts'

/** What was drawn for the images of a batch, as far as the recipe wants it. */
export type DrawnAugmentation = SourceGrid & Partial<ErasedRectangles & Mixing>

export interface TrainingBatch {
  augmentation: DrawnAugmentation
  /** The images' indices in the split. */
  indices: Int32Array
  /**
   * uint8, [images, height, width, channels], not yet augmented: those of `indices`, then those without labels; empty if
   * the images lie on the device.
   */
  pictures: Uint8Array
  labels: Int32Array
  /** What the label loss of each image counts, if the recipe weights the classes. */
  labelWeights?: Float32Array | undefined
  /** The stage of the run, from 0; see teaching/stages.ts. */
  stage: number
  /** In the whole run, from 0. */
  epoch: number
  /** In the whole run, from 0. */
  step: number
  /** In the stage, from 0. Together with the seed it determines the batch and its augmentation. */
  stageStep: number
  /** Epochs of the stage that are over, with the fraction of the current one. */
  stageEpochs: number
  stepsPerEpoch: number
}

/** Steps per epoch; the incomplete last batch is dropped. */
export function stepsPerEpoch(pictures: number, batchSize: number): number {
  return Math.floor(pictures / batchSize)
}

/** The order of images in an epoch, which depends on the seed and the epoch alone. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  return drawPermutation(count, createGenerator('order', seed, epoch))
}

/**
 * Yields every batch of a run in order, preparing the next one while the current step runs.
 * @param firstStep from 0; a resumed run starts where it was interrupted, and batches do not depend on
 * earlier ones
 * @param stages how many times the recipe's epochs are run, with the same batches each time
 */
export async function* trainingBatches(
  split: Pictures,
  dataset: PackedDataset,
  recipe: Recipe,
  seed: number,
  firstStep = 0,
  stages = 1,
): AsyncGenerator<TrainingBatch> {
  const one = () => 1
  for await (const [batch] of trainingChunks({ split, dataset, recipe, seed, firstStep, stages }, one))
    yield batch as TrainingBatch
}

/** See `trainingBatches`. */
interface BatchOptions {
  split: Pictures
  dataset: PackedDataset
  recipe: Recipe
  seed: number
  firstStep: number
  stages: number
  /** The images lie on the device and need not be read. */
  isResident?: boolean
  unlabelled?: UnlabelledPart | undefined
}

/** Images without labels, beside those of the training split. */
export interface UnlabelledPart {
  split: Pictures
  /** How many of them a step has, by its stage. */
  perStep: readonly number[]
}

/**
 * Yields a run's batches in chunks, for calls that take many steps, preparing the next chunk while the
 * current one runs.
 * @param lengthAt how many steps, from 1, the chunk that starts with a step shall have; asked one chunk ahead
 */
export async function* trainingChunks(
  { split, dataset, recipe, seed, firstStep, stages, isResident = false, unlabelled }: BatchOptions,
  lengthAt: (step: number) => number,
): AsyncGenerator<TrainingBatch[]> {
  const prepareBatch = batchPreparation(split, dataset, recipe, seed, isResident, unlabelled)
  const steps = stages * recipe.epochs * stepsPerEpoch(split.count, recipe.batchSize)
  const prepare = (step: number) => {
    const length = Math.min(lengthAt(step), steps - step)
    const chunk = allOf(Array.from({ length }, (_, i) => prepareBatch(step + i)))
    // A failed read is thrown when its chunk is awaited, not as an unhandled rejection before.
    chunk.catch(() => {})
    return chunk
  }
  if (firstStep >= steps) return
  let upcoming = prepare(firstStep)
  try {
    for (let step = firstStep; step < steps; ) {
      const chunk = await upcoming
      step += chunk.length
      if (step < steps) upcoming = prepare(step)
      yield chunk
    }
  } finally {
    // A consumer that stops early may close the split next, so no read may still be in progress.
    await upcoming.catch(() => {})
  }
}

/** Unlike Promise.all, fails only once none is pending any more. */
async function allOf<T>(pending: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(pending)
  return Promise.all(pending)
}

function batchPreparation(
  split: Pictures,
  dataset: PackedDataset,
  recipe: Recipe,
  seed: number,
  isResident: boolean,
  unlabelled: UnlabelledPart | undefined,
) {
  const perEpoch = stepsPerEpoch(split.count, recipe.batchSize)
  const perStage = recipe.epochs * perEpoch
  const weights = recipe.classWeights === 'BALANCED' ? balancedWeights(split.labels) : undefined
  const orderOf = (epoch: number) =>
    recipe.classSampling === 'BALANCED'
      ? balancedOrder(split.labels, seed, epoch)
      : epochOrder(split.count, seed, epoch)
  let order: { epoch: number; indices: Uint32Array } = { epoch: -1, indices: new Uint32Array() }
  const unlabelledAt = unlabelledOrder(unlabelled?.split.count ?? 0, seed)
  return async (step: number): Promise<TrainingBatch> => {
    const stage = Math.floor(step / perStage)
    const stageStep = step % perStage
    const others = unlabelledAt(stageStep, unlabelled?.perStep[stage] ?? 0)
    const epoch = Math.floor(stageStep / perEpoch)
    if (order.epoch !== epoch) order = { epoch, indices: orderOf(epoch) }
    const start = (stageStep % perEpoch) * recipe.batchSize
    const indices = Int32Array.from(order.indices.subarray(start, start + recipe.batchSize))
    const count = recipe.batchSize + others.length
    const augmentation = drawAugmentation(dataset, recipe, count, seed, stageStep)
    const labels = Int32Array.from(indices, (index) => split.labels[index] as number)
    const labelWeights = weights && Float32Array.from(labels, (label) => weights[label] as number)
    // A new buffer every time, because TensorFlow may still be reading the previous one in place.
    const pictures = new Uint8Array(isResident ? 0 : count * split.pictureSize)
    if (!isResident) await split.readPictures(indices, pictures)
    const rest = pictures.subarray(recipe.batchSize * split.pictureSize)
    if (others.length > 0) await unlabelled?.split.readPictures(others, rest)
    const position = {
      stage,
      epoch: Math.floor(step / perEpoch),
      step,
      stageStep,
      stageEpochs: stageStep / perEpoch,
      stepsPerEpoch: perEpoch,
    }
    return { augmentation, indices, pictures, labels, labelWeights, ...position }
  }
}

/**
 * The images without labels of a step: passes over all of them, each in an order that depends on the seed and the pass
 * alone, and without an incomplete last batch.
 */
function unlabelledOrder(count: number, seed: number) {
  let order: { pass: number; indices: Uint32Array } = { pass: -1, indices: new Uint32Array() }
  return (stageStep: number, perStep: number): Uint32Array => {
    if (perStep === 0) return new Uint32Array()
    const perPass = Math.floor(count / perStep)
    const pass = Math.floor(stageStep / perPass)
    if (order.pass !== pass)
      order = { pass, indices: drawPermutation(count, createGenerator('unlabelled order', seed, pass)) }
    const start = (stageStep % perPass) * perStep
    return order.indices.subarray(start, start + perStep)
  }
}

/**
 * Each kind has its own random stream, so that enabling it does not change the others. Images without labels come last,
 * so that the labelled ones move as they would without them.
 */
function drawAugmentation(
  dataset: PackedDataset,
  recipe: Recipe,
  count: number,
  seed: number,
  stageStep: number,
): DrawnAugmentation {
  const { batchSize, augmentation } = recipe
  const random = createGenerator('augmentation', seed, stageStep)
  const size = networkInputOf(recipe, dataset)
  const streamOf = (kind: string) => createGenerator(kind, seed, stageStep)
  return {
    ...drawSourceGrid(count, dataset, augmentation, random),
    ...(augmentation.erasing > 0 &&
      drawErasedRectangles(count, size, augmentation.erasing, streamOf('erasing'))),
    ...(isMixed(augmentation) && drawMixing(batchSize, size, augmentation, streamOf('mixing'))),
  }
}
