import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { networkInputOf, type Recipe } from '../../../contract/recipe.ts'
import { createGenerator } from '../random.ts'
import { drawSourceGrid, type SourceGrid } from './augmentation.ts'
import { drawErasedRectangles, type ErasedRectangles } from './erasing.ts'
import type { PackedSplit } from './packed-split.ts'

export interface TrainingBatch extends SourceGrid, Partial<ErasedRectangles> {
  /** uint8, [batch, height, width, channels], not yet augmented. */
  pictures: Uint8Array
  labels: Int32Array
  /** Which part of the run this is, from 0: see teaching/stages.ts. */
  stage: number
  /** Of the whole run, from 0. */
  epoch: number
  /** Of the whole run, from 0. */
  step: number
  /** Of the stage, from 0: what the batch and its augmentation depend on, beside the seed. */
  stageStep: number
}

/** Steps in an epoch; the remainder that does not fill a batch is dropped. */
export function stepsPerEpoch(pictures: number, batchSize: number): number {
  return Math.floor(pictures / batchSize)
}

/** The order of an epoch's images: a Fisher-Yates shuffle that depends on the seed and the epoch alone. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  const random = createGenerator('order', seed, epoch)
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const moved = order[i] as number
    order[i] = order[j] as number
    order[j] = moved
  }
  return order
}

/**
 * Every batch of a run in order. The next one is read and drawn while the step of the last one runs.
 * @param firstStep from 0; a resumed run begins where it was interrupted, and no batch depends on those before it
 * @param stages how often the recipe's epochs are gone through, each time with the same batches
 */
export async function* trainingBatches(
  split: PackedSplit,
  dataset: PackedDataset,
  recipe: Recipe,
  seed: number,
  firstStep = 0,
  stages = 1,
): AsyncGenerator<TrainingBatch> {
  const prepare = batchPreparation(split, dataset, recipe, seed)
  const steps = stages * recipe.epochs * stepsPerEpoch(split.count, recipe.batchSize)
  if (firstStep >= steps) return
  let upcoming = prepare(firstStep)
  try {
    for (let step = firstStep; step < steps; step++) {
      const batch = await upcoming
      upcoming = step + 1 < steps ? prepare(step + 1) : Promise.resolve(batch)
      // A failed read is thrown when its batch is asked for, not as an unhandled rejection before.
      upcoming.catch(() => {})
      yield batch
    }
  } finally {
    // Whoever leaves early may close the split next, so no read may still be under way.
    await upcoming.catch(() => {})
  }
}

function batchPreparation(split: PackedSplit, dataset: PackedDataset, recipe: Recipe, seed: number) {
  const perEpoch = stepsPerEpoch(split.count, recipe.batchSize)
  const perStage = recipe.epochs * perEpoch
  let order: { epoch: number; indices: Uint32Array } = { epoch: -1, indices: new Uint32Array() }
  return async (step: number): Promise<TrainingBatch> => {
    const stageStep = step % perStage
    const epoch = Math.floor(stageStep / perEpoch)
    if (order.epoch !== epoch) order = { epoch, indices: epochOrder(split.count, seed, epoch) }
    const start = (stageStep % perEpoch) * recipe.batchSize
    const indices = order.indices.subarray(start, start + recipe.batchSize)
    const augmentation = drawAugmentation(dataset, recipe, seed, stageStep)
    const labels = Int32Array.from(indices, (index) => split.labels[index] as number)
    // A new buffer every time: TensorFlow reads the last one where it lies.
    const pictures = new Uint8Array(recipe.batchSize * split.pictureSize)
    await split.readPictures(indices, pictures)
    const position = {
      stage: Math.floor(step / perStage),
      epoch: Math.floor(step / perEpoch),
      step,
      stageStep,
    }
    return { ...augmentation, pictures, labels, ...position }
  }
}

/** Erasing has a stream of its own, so that it leaves the crops as they are without it. */
function drawAugmentation(dataset: PackedDataset, recipe: Recipe, seed: number, stageStep: number) {
  const { batchSize, augmentation } = recipe
  const random = createGenerator('augmentation', seed, stageStep)
  const grid = drawSourceGrid(batchSize, dataset, augmentation, random)
  if (augmentation.erasing === 0) return grid
  const size = networkInputOf(recipe, dataset)
  const erasing = createGenerator('erasing', seed, stageStep)
  return { ...grid, ...drawErasedRectangles(batchSize, size, augmentation.erasing, erasing) }
}
