import { describe, expect, it, vi } from 'vitest'
import { UPDATE_RULES } from '../../../../contract/cohort.ts'
import type { RecipeOverrides } from '../../../../contract/recipes/recipe.ts'
import type { TrainingOrder } from '../../../../contract/training.ts'
import { PackedSplit } from '../../../../workers/engine/batches/packed-split.ts'
import { trainingBatches } from '../../../../workers/engine/batches/training-batches.ts'
import {
  type CohortProgram,
  captureCohort,
  type TeachingStep,
} from '../../../../workers/engine/cohort-program.ts'
import { stagesOf } from '../../../../workers/engine/teaching/stages.ts'
import { buildNetworks } from '../architectures/build-networks.ts'
import { smallOrder } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

// Recording takes long where many processes share the cores.
vi.setConfig({ testTimeout: 120_000 })

const stored = storeSyntheticDataset({ size: 8 })
const two = { ada: 'convnet-0.25', ben: 'convnet-0.25' }

interface Case {
  students?: Record<string, string>
  teaching?: object
  recipe?: RecipeOverrides
}

/** Ten steps an epoch. */
function tinyOrder({ students = two, teaching, recipe }: Case) {
  return smallOrder({ students, stored, teaching, recipe: { epochs: 5, batchSize: 4, ...recipe } })
}

/** Every step of the order, each with a learning rate of its own. */
async function drawSteps({
  cohort,
  dataset,
  blobPaths,
  recipe,
  seed,
}: TrainingOrder): Promise<TeachingStep[]> {
  const split = PackedSplit.open(dataset, 'train', blobPaths)
  const stages = stagesOf(cohort.teaching, cohort.students).length
  const steps: TeachingStep[] = []
  for await (const batch of trainingBatches(split, dataset, recipe, seed, 0, stages))
    steps.push({ batch, learningRate: 0.001 * (1 + (batch.step % 13)) })
  split.close()
  return steps
}

function capture(order: TrainingOrder, loop?: { isCompiled: boolean; capacity?: number }): CohortProgram {
  const { cohort, recipe, dataset, seed } = order
  const students = buildNetworks(order)
  return captureCohort({ students, teaching: cohort.teaching, recipe, dataset, seed, loop })
}

/** Takes all steps, so many a call; returns the metrics of all and the state afterwards. */
function teachInCalls(program: CohortProgram, steps: TeachingStep[], perCall: number) {
  const metrics: number[] = []
  for (let first = 0; first < steps.length; first += perCall)
    metrics.push(...program.teach(steps.slice(first, first + perCall)))
  return { metrics, state: program.readState() }
}

async function expectAnyNumberOfStepsToGiveTheSame(order: TrainingOrder, perCall: number[]): Promise<void> {
  const steps = await drawSteps(order)
  const one = capture(order)
  const single = teachInCalls(one, steps, 1)
  one.close()
  const many = capture(order, { isCompiled: false })
  const initial = many.readState()
  for (const n of perCall) {
    many.writeState(initial)
    expect(teachInCalls(many, steps, n)).toEqual(single)
  }
  many.close()
}

describe('many steps in a call equal single steps to the bit', () => {
  it.each(UPDATE_RULES)('1, 7 and 50 of them under %s', async (updateRule) => {
    await expectAnyNumberOfStepsToGiveTheSame(tinyOrder({ teaching: { updateRule } }), [1, 7, 50])
  })

  it.each([
    { kind: 'SGD', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
    { kind: 'ADAM', beta1: 0.5, weightDecay: 0.01 },
    { kind: 'ADAMW', weightDecay: 0.01 },
  ] as const)('with $kind', async (optimizer) => {
    await expectAnyNumberOfStepsToGiveTheSame(tinyOrder({ recipe: { epochs: 1, optimizer } }), [7])
  })

  it('with residual students in BFLOAT16 and all that a recipe can add', async () => {
    const augmentation = { cropPadding: 1, flip: true, erasing: 0.8, mixup: 1, cutmix: 1 }
    const inputSize = { height: 12, width: 10 }
    const added = { clipNorm: 0.1, averageDecay: 0.9, labelSmoothing: 0.1, precision: 'BFLOAT16' } as const
    const taught = { classWeights: 'BALANCED', teachingRampUpEpochs: 2 } as const
    const recipe = { epochs: 1, augmentation, inputSize, ...added, ...taught }
    const students = { ada: 'resnet-8', ben: 'convnet-0.25' }
    await expectAnyNumberOfStepsToGiveTheSame(tinyOrder({ students, recipe }), [7])
  })

  it.each([
    { standardizesLogits: true, divergence: 'DECOUPLED_KL', peerAverageDecay: 0.9 },
    { method: 'ENSEMBLE_TEACHER', ensembleRule: 'LEAST_LOSS', pausesLeader: true },
  ])('taught by %j', async (teaching) => {
    await expectAnyNumberOfStepsToGiveTheSame(tinyOrder({ teaching, recipe: { epochs: 1 } }), [7])
  })

  it('with a partner for each epoch, in calls that span epochs', async () => {
    const students = { ...two, eve: 'convnet-0.25' }
    const teaching = { partnerRule: 'ONE_PER_EPOCH', divergence: 'SYMMETRIC_KL', featureWeight: 0.5 }
    await expectAnyNumberOfStepsToGiveTheSame(tinyOrder({ students, teaching, recipe: { epochs: 2 } }), [7])
  })
})
