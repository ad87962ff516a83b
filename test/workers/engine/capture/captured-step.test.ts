import { describe, expect, it, vi } from 'vitest'
import { PARTNER_RULES, TEACHING_METHODS, UPDATE_RULES } from '../../../../contract/cohort.ts'
import type { RecipeOverrides } from '../../../../contract/recipes/recipe.ts'
import type { TrainingOrder } from '../../../../contract/training.ts'
import { PackedSplit } from '../../../../workers/engine/batches/packed-split.ts'
import { type TrainingBatch, trainingBatches } from '../../../../workers/engine/batches/training-batches.ts'
import { buildSteps, captureCohort } from '../../../../workers/engine/cohort-program.ts'
import type { OPTIMIZERS } from '../../../../workers/engine/optimizers/index.ts'
import { stagesOf } from '../../../../workers/engine/teaching/stages.ts'
import { backend, type Tensor, tf } from '../../../../workers/engine/tensorflow.ts'
import { buildNetworks } from '../architectures/build-networks.ts'
import { smallOrder } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

const stored = storeSyntheticDataset({ size: 8 })
const LEARNING_RATE = 0.05

// Several cohorts are captured in a test, which takes long where many processes share the cores.
vi.setConfig({ testTimeout: 120_000 })

interface Case {
  students?: Record<string, string>
  teaching?: object
  recipe?: RecipeOverrides
}

/** One epoch of five steps a stage. */
function tinyOrder({ students = { ada: 'resnet-8', ben: 'convnet-0.25' }, teaching, recipe }: Case = {}) {
  const schedule = { kind: 'CONSTANT' } as const
  return smallOrder({ students, stored, teaching, recipe: { epochs: 1, batchSize: 7, schedule, ...recipe } })
}

async function drawBatches(order: TrainingOrder): Promise<TrainingBatch[]> {
  const { cohort, dataset, blobPaths, recipe, seed } = order
  const split = PackedSplit.open(dataset, 'train', blobPaths)
  const stages = stagesOf(cohort.teaching, cohort.students).length
  const result: TrainingBatch[] = []
  for await (const batch of trainingBatches(split, dataset, recipe, seed, 0, stages)) result.push(batch)
  split.close()
  return result
}

function capture(order: TrainingOrder) {
  const { cohort, recipe, dataset, seed } = order
  return captureCohort({ students: buildNetworks(order), teaching: cohort.teaching, recipe, dataset, seed })
}

/** Steps without a captured graph: TF.js runs every operation by itself. */
function teachEagerly(order: TrainingOrder, batches: TrainingBatch[]) {
  const { cohort, recipe, dataset, seed } = order
  const students = buildNetworks(order)
  const { variables, steps } = buildSteps({ students, teaching: cohort.teaching, recipe, dataset, seed })
  const metrics = batches.map((batch) =>
    tf.tidy(() => {
      const { signature, inputsOf, run } = steps[batch.stage]!
      const values = inputsOf(batch, LEARNING_RATE)
      const inputs = Object.entries(signature).map(([name, { dtype, shape }]): [string, Tensor] => [
        name,
        dtype === 'uint8'
          ? bytes(values[name] as Uint8Array, [...shape])
          : tf.tensor(values[name]!, [...shape], dtype),
      ])
      return run(Object.fromEntries(inputs)).metrics.dataSync()
    }),
  )
  return { metrics, state: new Map(variables.map(({ name, variable }) => [name, variable.dataSync()])) }
}

/** Two steps of every stage, taken eagerly and as captured. */
async function expectCapturedToEqualEager(order: TrainingOrder): Promise<void> {
  const batches = (await drawBatches(order)).filter(({ stageStep }) => stageStep < 2)
  const eager = teachEagerly(order, batches)
  const program = capture(order)
  const metrics = batches.map((batch) => program.teach([{ batch, learningRate: LEARNING_RATE }]))
  expect(metrics.map((values, i) => difference(values, eager.metrics[i]!))).toEqual(batches.map(() => 0))
  expect(largestDifference(program.readState(), eager.state)).toBe(0)
  program.close()
}

function bytes(values: Uint8Array, shape: number[]): Tensor {
  const { binding } = backend
  const id = binding.createTensor(shape, binding.TF_UINT8, values)
  return backend.createOutputTensor({ id, shape, dtype: binding.TF_UINT8 })
}

function largestDifference(
  a: ReadonlyMap<string, ArrayLike<number>>,
  b: ReadonlyMap<string, ArrayLike<number>>,
): number {
  expect([...a.keys()]).toEqual([...b.keys()])
  return Math.max(...[...a].map(([name, values]) => difference(values, b.get(name)!)))
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!))
  return largest
}

const three = { ada: 'convnet-0.25', ben: 'convnet-0.25', eve: 'convnet-0.25' }
const teachings = UPDATE_RULES.flatMap((updateRule) =>
  TEACHING_METHODS.flatMap((method) =>
    PARTNER_RULES.filter((rule) => rule === 'ALL' || method === 'MUTUAL').map((partnerRule) => ({
      updateRule,
      method,
      partnerRule,
    })),
  ),
)
const matched = { divergence: 'SYMMETRIC_KL', featureWeight: 0.5 } as const
const settings = {
  SGD: { kind: 'SGD', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  ADAM: { kind: 'ADAM', beta1: 0.5, weightDecay: 0.01 },
  ADAMW: { kind: 'ADAMW', weightDecay: 0.01 },
} as const satisfies Record<keyof typeof OPTIMIZERS, RecipeOverrides['optimizer']>

describe('the captured step equals the eager step to the bit', () => {
  it.each(teachings)('under $method $updateRule, partners $partnerRule', async (teaching) => {
    const students = teaching.partnerRule === 'ALL' ? undefined : three
    await expectCapturedToEqualEager(tinyOrder({ teaching, students }))
  })

  it('for two networks of other families that teach each other', async () => {
    const students = { ada: 'mobilenet-0.25', ben: 'wrn-10-1' }
    await expectCapturedToEqualEager(tinyOrder({ students, teaching: { updateRule: 'SEQUENTIAL' } }))
  })

  it('for the one that takes longest to record, alone', async () => {
    await expectCapturedToEqualEager(
      tinyOrder({ students: { ada: 'inception-v1' }, teaching: { method: 'INDEPENDENT' } }),
    )
  })

  it.each(Object.values(settings))('with $kind', async (optimizer) => {
    await expectCapturedToEqualEager(tinyOrder({ recipe: { optimizer } }))
  })

  it('with all that a recipe can add', async () => {
    const augmentation = { cropPadding: 1, flip: true, erasing: 0.8, mixup: 1, cutmix: 1 }
    const inputSize = { height: 12, width: 10 }
    const more = { labelSmoothing: 0.1, classWeights: 'BALANCED', teachingRampUpEpochs: 2 } as const
    const recipe = { augmentation, inputSize, clipNorm: 0.1, averageDecay: 0.9, ...more }
    await expectCapturedToEqualEager(tinyOrder({ recipe }))
  })

  it('where features are matched as well, with a peer or with one of two', async () => {
    const students = { ada: 'convnet-0.25', ben: 'convnet-0.25' }
    await expectCapturedToEqualEager(tinyOrder({ students, teaching: matched }))
    const teaching = { ...matched, partnerRule: 'ONE_PER_EPOCH', updateRule: 'SIMULTANEOUS' } as const
    await expectCapturedToEqualEager(tinyOrder({ students: three, teaching }))
  })

  it.each([
    { divergence: 'DECOUPLED_KL', targetClassWeight: 0.7, otherClassesWeight: 3, temperature: 3 },
    { standardizesLogits: true, temperature: 3, divergence: 'SYMMETRIC_KL' },
    { method: 'ENSEMBLE_TEACHER', ensembleRule: 'LEAST_LOSS', peerAverageDecay: 0.9 },
    { method: 'ENSEMBLE_TEACHER', ensembleRule: 'LEAST_LOGITS', divergence: 'DECOUPLED_KL' },
    { pausesLeader: true, temperature: 2, standardizesLogits: true },
  ])('taught by %j', async (teaching) => {
    const augmentation = { cropPadding: 1, flip: true, mixup: 1, cutmix: 1 }
    await expectCapturedToEqualEager(tinyOrder({ students: three, teaching, recipe: { augmentation } }))
  })

  it('where images shrink to the size that the networks see', async () => {
    const students = { ada: 'resnet-8', ben: 'convnet-0.25' }
    const schedule = { kind: 'CONSTANT' } as const
    const recipe = { epochs: 1, batchSize: 7, schedule, inputSize: { height: 8, width: 10 } }
    await expectCapturedToEqualEager(smallOrder({ students, recipe }))
  })

  it('when the average of a frozen teacher teaches', async () => {
    const teaching = { method: 'DISTILLATION', temperature: 2, divergence: 'SYMMETRIC_KL' } as const
    await expectCapturedToEqualEager(tinyOrder({ teaching, recipe: { averageDecay: 0.9 } }))
  })
})

const order = tinyOrder()
const batches = await drawBatches(order)

describe('the captured step', () => {
  it('takes the learning rate as an input: at 0 no weight moves', () => {
    const program = capture(order)
    const before = program.readState()
    program.teach([{ batch: batches[0]!, learningRate: 0 }])
    const after = program.readState()
    const moved = [...after]
      .filter(([name, values]) => difference(values, before.get(name)!) > 0)
      .map(([name]) => name)
    expect(moved.length).toBeGreaterThan(0)
    expect(moved.filter((name) => !/velocity|moving_/.test(name))).toEqual([])
    program.close()
  })

  it('goes on from a state that was read and written back, to the bit', () => {
    const program = capture(order)
    program.teach([{ batch: batches[0]!, learningRate: LEARNING_RATE }])
    const state = program.readState()
    const first = program.teach([{ batch: batches[1]!, learningRate: LEARNING_RATE }])
    program.writeState(state)
    expect(program.teach([{ batch: batches[1]!, learningRate: LEARNING_RATE }])).toEqual(first)
    program.close()
  })

  it('keeps the number of live tensors the same, step after step', () => {
    const program = capture(order)
    program.teach([{ batch: batches[0]!, learningRate: LEARNING_RATE }])
    program.predict(new Uint8Array(128 * 8 * 8 * 3))
    const count = () => [tf.memory().numTensors, backend.getNumOfTFTensors()]
    const before = count()
    for (const batch of batches) program.teach([{ batch, learningRate: LEARNING_RATE }])
    program.predict(new Uint8Array(128 * 8 * 8 * 3))
    expect(count()).toEqual(before)
    program.close()
  })

  it('gives every tensor back when it is closed', () => {
    const count = () => [tf.memory().numTensors, backend.getNumOfTFTensors(), backend.getNumOfSavedModels()]
    const before = count()
    capture(order).close()
    expect(count()).toEqual(before)
  })
})
