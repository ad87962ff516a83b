import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { TrainingOrder } from '../../../../contract/training.ts'
import { PackedSplit } from '../../../../workers/engine/batches/packed-split.ts'
import { trainingBatches } from '../../../../workers/engine/batches/training-batches.ts'
import { captureCohort } from '../../../../workers/engine/cohort-program.ts'
import { drawPartners } from '../../../../workers/engine/teaching/partners.ts'
import { stagesOf } from '../../../../workers/engine/teaching/stages.ts'
import { buildNetworks } from '../architectures/build-networks.ts'
import { eventsOfType, smallOrder, trainToTheEnd } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

const stored = storeSyntheticDataset({ size: 8, train: 24, test: 8 })
const two = { ada: 'convnet-0.25', ben: 'convnet-0.25' }
const INDEPENDENT = { method: 'INDEPENDENT' }
const ONE_EPOCH = { epochs: 1, schedule: { kind: 'CONSTANT' } } as const

// Several cohorts are captured in a test, which takes long where many processes share the cores.
vi.setConfig({ testTimeout: 120_000 })

type State = ReadonlyMap<string, Float32Array>

/** Teaches every batch of a run, and tells the state after each stage and the weights that would be exported. */
async function teach(order: TrainingOrder) {
  const { cohort, dataset, blobPaths, recipe, seed } = order
  const stages = stagesOf(cohort.teaching, cohort.students).length
  const students = buildNetworks(order)
  const program = captureCohort({ students, teaching: cohort.teaching, recipe, dataset, seed })
  const split = PackedSplit.open(dataset, 'train', blobPaths)
  const afterStage: State[] = []
  const before = program.readState()
  for await (const batch of trainingBatches(split, dataset, recipe, seed, 0, stages)) {
    program.teach([{ batch, learningRate: recipe.learningRate }])
    afterStage[batch.stage] = program.readState()
  }
  split.close()
  const trained = program.readTrainedWeights()
  program.close()
  return { before, afterStage, state: afterStage.at(-1)!, trained }
}

/** The part of a state that is one student's. */
function of(name: string, state: State): Record<string, Float32Array> {
  return Object.fromEntries([...state].filter(([key]) => key.startsWith(`${name}/`)))
}

it('mixes for all students alike: to the bit they stay twins who learn alike', async () => {
  const augmentation = { cropPadding: 0, flip: false, mixup: 1, cutmix: 1 }
  const recipe = { ...ONE_EPOCH, augmentation }
  const { state } = await teach(smallOrder({ students: two, stored, teaching: INDEPENDENT, recipe }))
  const alone = await teach(smallOrder({ students: { ada: two.ada }, stored, teaching: INDEPENDENT, recipe }))
  expect(of('ada', state)).toEqual(of('ada', alone.state))
  const unmixed = await teach(smallOrder({ students: two, stored, teaching: INDEPENDENT, recipe: ONE_EPOCH }))
  expect(of('ada', unmixed.state)).not.toEqual(of('ada', state))
})

it('teaches nothing yet at the beginning of a ramp-up, and the whole loss without one', async () => {
  const lossesUnder = async (teachingRampUpEpochs: number) => {
    const recipe = { ...ONE_EPOCH, teachingRampUpEpochs }
    const order = smallOrder({ students: two, stored, teaching: { method: 'MUTUAL' }, recipe })
    const { points } = await trainToTheEnd(order)
    const first = (name: string) => points.find((point) => point.name === name)!.value
    return { own: first('labelLoss'), whole: first('loss'), mutual: first('mutualLoss') }
  }
  const ramped = await lossesUnder(1e4)
  expect(ramped.whole).toBeCloseTo(ramped.own + Math.exp(-5) * ramped.mutual, 5)
  const full = await lossesUnder(0)
  expect(full.whole).toBeCloseTo(full.own + full.mutual, 5)
})

describe('distillation', () => {
  const teaching = { method: 'DISTILLATION', temperature: 2 }

  it('trains the teacher as if it were alone, then leaves it as it is while the others learn', async () => {
    const taught = await teach(smallOrder({ students: two, stored, teaching, recipe: ONE_EPOCH }))
    const independent = { method: 'INDEPENDENT' }
    const alone = { ada: 'convnet-0.25' }
    const teacher = await teach(
      smallOrder({ students: alone, stored, teaching: independent, recipe: ONE_EPOCH }),
    )
    const [first, second] = taught.afterStage as [State, State]
    expect(of('ada', first)).toEqual(of('ada', teacher.state))
    expect(of('ada', second)).toEqual(of('ada', first))
    expect(of('ben', first)).toEqual(of('ben', taught.before))
    expect(of('ben', second)).not.toEqual(of('ben', first))
  })

  it('tells each student’s steps in its own stage, counted over the whole run, and who taught whom', async () => {
    const recipe = { ...ONE_EPOCH, labelNoise: 0.25 }
    const order = smallOrder({ students: two, stored, teaching, recipe })
    const { outcome, points, events } = await trainToTheEnd(order)
    expect(outcome).toBe('finished')
    const stepsOf = (student: number) =>
      points.filter((point) => point.name === 'loss' && point.student === student).map(({ step }) => step)
    expect([stepsOf(0), stepsOf(1)]).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const mutual = points.filter(({ name }) => name === 'mutualLoss').map(({ value }) => value)
    expect(mutual.slice(0, 3)).toEqual([0, 0, 0])
    expect(mutual.slice(3).every((value) => value > 0)).toBe(true)
    expect(eventsOfType(events, 'metrics').at(-1)).toMatchObject({ step: 6, steps: 6, epoch: 2, epochs: 2 })
    const loads = eventsOfType(events, 'metrics').flatMap(({ load }) => load ?? [])
    expect(loads.length).toBeGreaterThan(0)
    for (const { memoryBytes, busyCores, batchWait } of loads) {
      expect(memoryBytes).toBeGreaterThan(2 ** 20)
      expect(busyCores).toBeGreaterThan(0)
      expect(batchWait).toBeGreaterThanOrEqual(0)
    }
    expect(eventsOfType(events, 'log').map(({ message }) => message)).toContain(
      'Label noise: 6 of 24 training labels (25.00 %) were redrawn, each to another class.',
    )
    const cardOf = (name: string) =>
      readFileSync(join(order.outputFolder, `${name}-convnet-0.25-tfjs`, 'README.md'), 'utf8')
    expect(cardOf('ada')).toContain('trained alone, then the frozen teacher of ben (convnet-0.25).')
    expect(cardOf('ben')).toContain('trained by distillation from ada (convnet-0.25).')
  })
})

describe('partners', () => {
  it('are never oneself, and sooner or later everyone else', () => {
    const epochs = Array.from({ length: 60 }, (_, epoch) => drawPartners(4, 1, epoch))
    for (const k of [0, 1, 2, 3]) {
      const seen = new Set(epochs.map((partners) => partners[k]))
      expect([...seen].sort()).toEqual([0, 1, 2, 3].filter((j) => j !== k))
    }
  })

  it('depend on the seed and the epoch, and on nothing else', () => {
    expect(drawPartners(16, 1, 3)).toEqual(drawPartners(16, 1, 3))
    expect(drawPartners(16, 1, 3)).not.toEqual(drawPartners(16, 1, 4))
    expect(drawPartners(16, 1, 3)).not.toEqual(drawPartners(16, 2, 3))
  })

  it('make no difference, to the bit, where there is only one peer', async () => {
    const all = await teach(smallOrder({ students: two, stored, recipe: ONE_EPOCH }))
    const teaching = { partnerRule: 'ONE_PER_EPOCH' }
    const one = await teach(smallOrder({ students: two, stored, teaching, recipe: ONE_EPOCH }))
    expect(one.state).toEqual(all.state)
  })
})

describe('a student under INDEPENDENT', () => {
  it('ends as it does alone, to the bit, whatever the recipe keeps of it', async () => {
    const optimizer = { kind: 'ADAMW', weightDecay: 0.05 } as const
    const augmentation = { cropPadding: 1, flip: true, erasing: 0.5 }
    const recipe = { ...ONE_EPOCH, optimizer, augmentation, clipNorm: 1, averageDecay: 0.5 }
    const teaching = { method: 'INDEPENDENT' }
    const run = (students: Record<string, string>) =>
      teach(smallOrder({ students, stored, teaching, recipe }))
    const together = await run(two)
    for (const name of ['ada', 'ben']) {
      const alone = await run({ [name]: 'convnet-0.25' })
      expect(of(name, together.state)).toEqual(of(name, alone.state))
    }
  })
})

describe('what is exported', () => {
  it('is the weights themselves, or their average where the recipe asks for it', async () => {
    const students = { ada: 'convnet-0.25' }
    const teaching = { method: 'INDEPENDENT' }
    const plain = await teach(smallOrder({ students, stored, teaching, recipe: ONE_EPOCH }))
    const recipe = { ...ONE_EPOCH, averageDecay: 0.9 }
    const averaged = await teach(smallOrder({ students, stored, teaching, recipe }))
    const name = 'ada/stem_bn/moving_mean'
    expect(plain.trained.get(name)).toEqual(plain.state.get(name))
    expect(averaged.state.get(name)).toEqual(plain.state.get(name))
    expect(averaged.trained.get(name)).toEqual(averaged.state.get(`${name}/average`))
    expect(averaged.trained.get(name)).not.toEqual(plain.trained.get(name))
    expect([...averaged.trained.keys()]).toEqual([...plain.trained.keys()])
  })
})
