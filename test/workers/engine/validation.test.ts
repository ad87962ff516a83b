import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RecipeOverrides } from '../../../contract/recipes/recipe.ts'
import type { MetricPoint, TrainingOrder } from '../../../contract/training.ts'
import { holdOut } from '../../../workers/engine/batches/hold-out.ts'
import { PackedSplit } from '../../../workers/engine/batches/packed-split.ts'
import { eventsOfType, type FinishedRun, smallOrder, trainToTheEnd } from './small-run.ts'
import { storeSyntheticDataset } from './synthetic-dataset.ts'

/** Five steps an epoch. */
const PER_EPOCH = 5
const shape = { size: 8, train: 20, test: 40 }
const withValidation = storeSyntheticDataset({ ...shape, validation: 12 })
const without = storeSyntheticDataset(shape)
/** So long that the accuracy has stopped to rise before its end, and goes down and up again. */
const LONG = { epochs: 12, batchSize: 4, schedule: { kind: 'CONSTANT' } } as const

function orderOf(recipe: RecipeOverrides, stored = withValidation, teaching: object = {}): TrainingOrder {
  const students = { ada: 'convnet-0.25', ben: 'convnet-0.25' }
  return smallOrder({ students, teaching, recipe: { ...LONG, ...recipe }, stored })
}

const evaluationOf = ({ events }: FinishedRun) => eventsOfType(events, 'evaluation')[0]!.evaluation
const messagesOf = ({ events }: FinishedRun) => eventsOfType(events, 'log').map(({ message }) => message)

/** The students' mean after each step at which it was measured. */
function meansOf({ points }: FinishedRun, name: MetricPoint['name']): Map<number, number> {
  const means = new Map<number, number>()
  for (const point of points)
    if (point.name === name) means.set(point.step, (means.get(point.step) ?? 0) + point.value / 2)
  return means
}

const meanTop1 = (run: FinishedRun) => {
  const { students } = evaluationOf(run)
  return students.reduce((sum, { top1 }) => sum + top1, 0) / students.length
}

describe('with validation images', () => {
  let best: FinishedRun
  let last: FinishedRun
  beforeAll(async () => {
    best = await trainToTheEnd(orderOf({}))
    last = await trainToTheEnd(orderOf({ deliveredCheckpoint: 'LAST' }))
  })

  it('the state of the earliest evaluation with the best mean validation accuracy is evaluated and delivered', () => {
    const scores = meansOf(best, 'validationTop1')
    expect(scores.size).toBe(LONG.epochs)
    const highest = Math.max(...scores.values())
    const [step] = [...scores].find(([, score]) => score === highest)!
    expect(step).toBeLessThan(LONG.epochs * PER_EPOCH)
    expect(evaluationOf(best).delivered).toEqual({
      ...{ checkpoint: 'BEST', step, epoch: step / PER_EPOCH },
      ...{ validationCount: 12, validationTop1: highest, stoppedAfterEpoch: null },
    })
    expect(meanTop1(best)).toBeCloseTo(meansOf(best, 'testTop1').get(step)!, 12)
    expect(messagesOf(best).join()).toContain(
      `after epoch ${step / PER_EPOCH}, the best on 12 validation images`,
    )
  })

  it('or, where the recipe says so, the last', () => {
    const step = LONG.epochs * PER_EPOCH
    expect(evaluationOf(last).delivered).toMatchObject({ checkpoint: 'LAST', step, validationCount: 12 })
    expect(meanTop1(last)).toBeCloseTo(meansOf(last, 'testTop1').get(step)!, 12)
  })

  it('and they change nothing of the training itself', async () => {
    const bare = await trainToTheEnd(orderOf({}, without))
    const [own, others] = [bare, best].map(({ points }) => points.filter(({ name }) => name === 'loss'))
    expect(own).toEqual(others)
    expect(evaluationOf(bare).delivered).toMatchObject({ checkpoint: 'LAST', validationCount: 0 })
    expect(evaluationOf(bare).students).toEqual(evaluationOf(last).students)
  })
})

describe('early stopping', () => {
  const folder = mkdtempSync(join(tmpdir(), 'studyhall-checkpoints-'))
  const order = (): TrainingOrder => ({
    ...orderOf({ earlyStoppingEpochs: 2, epochs: 40, averageDecay: 0.8 }),
    checkpoints: { folder, everySteps: 4, keep: 100 },
  })
  let whole: FinishedRun
  beforeAll(async () => {
    whole = await trainToTheEnd(order())
  })

  it('ends the training two epochs after the best, and says so', () => {
    const { delivered } = evaluationOf(whole)
    expect(delivered).toMatchObject({ checkpoint: 'BEST', stoppedAfterEpoch: delivered!.epoch + 2 })
    expect(Math.max(...whole.points.map(({ step }) => step))).toBe(PER_EPOCH * delivered!.stoppedAfterEpoch!)
    expect(delivered!.stoppedAfterEpoch).toBeLessThan(40)
    expect(messagesOf(whole).join()).toContain('had not improved for 2 epochs')
  })

  it('a run that is resumed before the best, after it or after its end delivers the same, to the bit', async () => {
    const entries: { step: number; file: string }[] = JSON.parse(
      readFileSync(join(folder, 'manifest.json'), 'utf8'),
    ).checkpoints
    const { step: best } = evaluationOf(whole).delivered!
    const steps = entries.map(({ step }) => step)
    const chosen = [steps[0]!, steps.find((step) => step > best)!, steps.at(-1)!]
    for (const step of chosen) {
      const resumed = order()
      resumed.checkpoints = {
        ...resumed.checkpoints!,
        folder: mkdtempSync(join(tmpdir(), 'studyhall-resumed-')),
      }
      const kept = entries.filter((entry) => entry.step <= step)
      for (const { file } of kept) copyFileSync(join(folder, file), join(resumed.checkpoints.folder, file))
      const manifest = { format: 'studyhall-checkpoints-1', checkpoints: kept }
      writeFileSync(join(resumed.checkpoints.folder, 'manifest.json'), JSON.stringify(manifest))
      const run = await trainToTheEnd(resumed)
      expect(evaluationOf(run)).toEqual(evaluationOf(whole))
      const exportsOf = ({ events }: FinishedRun) =>
        eventsOfType(events, 'artifact').map(({ path }) => readFileSync(path).toString('base64'))
      expect(exportsOf(run)).toEqual(exportsOf(whole))
    }
  })

  it('is told to be off where there are no validation images', async () => {
    const run = await trainToTheEnd(orderOf({ earlyStoppingEpochs: 1, epochs: 2 }, without))
    expect(messagesOf(run).join()).toContain('training will not stop early')
    expect(evaluationOf(run).delivered!.stoppedAfterEpoch).toBeNull()
  })

  it('does not end a distillation before its students have learned, nor deliver them untrained', async () => {
    const teaching = { method: 'DISTILLATION' }
    const run = await trainToTheEnd(orderOf({ earlyStoppingEpochs: 1, epochs: 3 }, withValidation, teaching))
    expect(evaluationOf(run).delivered!.step).toBeGreaterThan(3 * PER_EPOCH)
  })
})

describe('a share of the training images that is set aside', () => {
  it('validates, and is not trained on', async () => {
    const run = await trainToTheEnd(orderOf({ validationShare: 0.2, epochs: 3 }, without))
    expect(evaluationOf(run).delivered).toMatchObject({ checkpoint: 'BEST', validationCount: 4 })
    // 16 images are left: four steps an epoch.
    expect(Math.max(...run.points.map(({ step }) => step))).toBe(12)
  })

  it('is the same where the images to learn from lie on the device', async () => {
    const order = orderOf({ validationShare: 0.2, epochs: 2 }, without)
    const onDevice = { ...order, execution: { picturesOnDevice: true } }
    const lossesOf = ({ points }: FinishedRun) => points.filter(({ name }) => name === 'loss')
    expect(lossesOf(await trainToTheEnd(onDevice))).toEqual(lossesOf(await trainToTheEnd(order)))
  })

  it('is spread over the classes, the same for a seed, another one for another', () => {
    const { dataset, blobPaths } = storeSyntheticDataset({ size: 8, train: 200, test: 4 })
    const split = PackedSplit.open(dataset, 'train', blobPaths)
    const draw = (seed: number) => holdOut(split, 0.1, seed)
    const { learned, validation } = draw(1)
    expect([learned.count, validation.count]).toEqual([180, 20])
    const counts = [0, 1, 2, 3].map((label) => validation.labels.filter((own) => own === label).length)
    expect(counts).toEqual([5, 5, 5, 5])
    split.close()
  })

  it('reads the images that it says', async () => {
    const { dataset, blobPaths } = storeSyntheticDataset({ size: 8, train: 40, test: 4 })
    const split = PackedSplit.open(dataset, 'train', blobPaths)
    const read = async (pictures: Pick<PackedSplit, 'count' | 'readPictures' | 'pictureSize'>) => {
      const all = new Uint8Array(pictures.count * pictures.pictureSize)
      await pictures.readPictures([...Array(pictures.count).keys()], all)
      return Array.from({ length: pictures.count }, (_, i) =>
        all.slice(i * pictures.pictureSize, (i + 1) * pictures.pictureSize).join(),
      )
    }
    const parts = (seed: number) => holdOut(split, 0.25, seed)
    const [first, again, other] = [
      await read(parts(1).validation),
      await read(parts(1).validation),
      await read(parts(2).validation),
    ]
    expect(first).toEqual(again)
    expect(first).not.toEqual(other)
    expect([...(await read(parts(1).learned)), ...first].sort()).toEqual((await read(split)).sort())
    split.close()
  })
})
