import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { TrainingOrder } from '../../../../contract/training.ts'
import { prepareStart } from '../../../../workers/engine/given/prepare-start.ts'
import { decodeSafetensors } from '../../../../workers/engine/safetensors.ts'
import { eventsOfType, smallOrder, trainToTheEnd } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

vi.setConfig({ testTimeout: 120_000 })

const stored = storeSyntheticDataset({ size: 8, train: 24, test: 8 })
const recipe = { epochs: 2, schedule: { kind: 'CONSTANT' } } as const
const wishes = { licence: 'CC0', frozenEpochs: 0 }

function alone(own = stored, epochs = 2): TrainingOrder {
  const order = smallOrder({
    students: { ada: 'convnet-0.25' },
    stored: own,
    teaching: { method: 'INDEPENDENT' },
    recipe: { ...recipe, epochs },
  })
  return { ...order, formats: ['SAFETENSORS'] }
}

const fileOf = ({ outputFolder }: TrainingOrder, name: string) =>
  join(outputFolder, 'ada-convnet-0.25-safetensors', name)

function tensorsOf(order: TrainingOrder): Map<string, number[]> {
  const { tensors } = decodeSafetensors(readFileSync(fileOf(order, 'model.safetensors')))
  return new Map(tensors.map(({ name, values }) => [name, [...values]]))
}

/** The order, with its student beginning with a file. */
async function beginningWith(file: string, order: TrainingOrder, own = wishes): Promise<TrainingOrder> {
  const { start, content } = await prepareStart(file, 'convnet-0.25', own)
  const location = join(order.outputFolder, '..', `${start.sha256}.safetensors`)
  writeFileSync(location, content)
  const [student] = order.cohort.students
  return {
    ...order,
    cohort: { ...order.cohort, students: [{ ...student!, start }] },
    blobPaths: { ...order.blobPaths, [start.sha256]: location },
  }
}

const first = alone()
await trainToTheEnd(first)
const given = fileOf(first, 'model.safetensors')

/** Darker, of other classes. */
const otherDataset = {
  ...stored,
  dataset: {
    ...stored.dataset,
    classes: stored.dataset.classes.map((name) => `${name} at night`),
    channelMeans: stored.dataset.channelMeans.map((mean) => mean / 2),
  },
}

describe('a student that begins with given weights', () => {
  it('goes on with all of them where the classes are the same, and is told so before the first step', async () => {
    const order = await beginningWith(given, alone())
    const { events } = await trainToTheEnd(order)
    const told = events.findIndex(
      (event) => event.type === 'log' && event.message.startsWith('ada begins with'),
    )
    expect(events[told]).toMatchObject({
      message: 'ada begins with model.safetensors: 17 of 17 tensors match.',
    })
    expect(told).toBeLessThan(events.findIndex(({ type }) => type === 'begin'))
  })

  it('gets a new classifier for other classes, and sees images as the weights expect them', async () => {
    const order = await beginningWith(given, alone(otherDataset))
    const { events } = await trainToTheEnd(order)
    const message = eventsOfType(events, 'log')[0]?.message
    expect(message).toContain(
      '15 of 17 tensors match. New: logits/kernel (of other classes, or of classes that it does not name), logits/bias',
    )
    const card = readFileSync(fileOf(order, 'README.md'), 'utf8')
    expect(card).toContain(
      '| ada began with | model\\.safetensors, named as Studyhall names layers; sha256 `',
    )
    expect(card).toContain('licence: CC0 |')
    expect(card).toContain(
      'It was made out of model\\.safetensors (CC0), whose licence holds for it as well.',
    )
    const [mean] = tensorsOf(order).get('normalization/moving_mean')!
    expect(mean).toBeCloseTo(255 * stored.dataset.channelMeans[0]!, 3)
    const config = JSON.parse(readFileSync(fileOf(order, 'preprocessor_config.json'), 'utf8'))
    expect(config.image_mean[0]).toBeCloseTo(stored.dataset.channelMeans[0]!, 6)
  })

  it('keeps them as they are for the first epochs if wished, and learns with all of them afterwards', async () => {
    const before = tensorsOf(first)
    const frozen = { ...wishes, frozenEpochs: 1 }
    const [one, two] = await Promise.all(
      [1, 2].map((epochs) => beginningWith(given, alone(otherDataset, epochs), frozen)),
    )
    await trainToTheEnd(one!)
    await trainToTheEnd(two!)
    const kernels = [...before.keys()].filter(
      (name) => /kernel|gamma|beta/.test(name) && !/^logits/.test(name),
    )
    expect(kernels.length).toBe(9)
    for (const name of kernels) {
      expect(tensorsOf(one!).get(name)).toEqual(before.get(name))
      expect(tensorsOf(two!).get(name)).not.toEqual(before.get(name))
    }
    expect(
      tensorsOf(one!)
        .get('logits/bias')!
        .some((value) => value !== 0),
    ).toBe(true)
  })

  it('is refused where the weights fit nowhere, or are not there any more', async () => {
    const order = await beginningWith(given, alone())
    const [student] = order.cohort.students
    const wider = {
      ...order,
      cohort: { ...order.cohort, students: [{ ...student!, architecture: 'convnet' }] },
    }
    const { events } = await trainToTheEnd(wider)
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      message: expect.stringContaining('none fits a convnet for images of this kind'),
    })
    const without = await trainToTheEnd({ ...order, blobPaths: stored.blobPaths })
    expect(without.events.at(-1)).toMatchObject({
      message: expect.stringContaining('missing or were changed'),
    })
  })
})
