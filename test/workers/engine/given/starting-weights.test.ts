import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { TrainingOrder } from '../../../../contract/training.ts'
import { inspectWeights } from '../../../../workers/engine/given/inspect-weights.ts'
import { prepareStart } from '../../../../workers/engine/given/prepare-start.ts'
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
} from '../../../../workers/engine/safetensors.ts'
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

describe('a file of weights that is looked at', () => {
  const look = async (content: Uint8Array) => {
    const folder = mkdtempSync(join(tmpdir(), 'studyhall-look-'))
    const location = join(folder, 'given')
    writeFileSync(location, content)
    const answer = await inspectWeights({ location, outputFolder: folder })
    return { answer, folder, location }
  }
  const named = (tensors: NamedTensor[]) => encodeSafetensors({ tensors, metadata: {} })

  it('is told what it fits, best first, with the classes it tells and the weights that the command would make', async () => {
    const { answer, folder, location } = await look(readFileSync(given))
    if (answer.type === 'refused') throw new Error(answer.reason)
    const { families, ...told } = answer.inspection
    const { classes } = stored.dataset
    expect(told).toEqual({ form: 'SAFETENSORS', tensors: 19, classes, classCount: classes.length })
    const [family] = families
    const { start, content } = await prepareStart(location, 'convnet-0.25', wishes)
    expect(family).toMatchObject({
      ...{ family: 'convnet', naming: 'Studyhall', sha256: start.sha256, byteLength: content.length },
      normalization: start.normalization,
    })
    expect(readFileSync(join(folder, `${start.sha256}.safetensors`))).toEqual(content)
    const nothing = { shown: [], count: 0 }
    const stem = { name: 'stem/kernel', reason: '3x3x3x8 there, 7x7x3x8 here' }
    expect(family?.fits).toEqual([
      {
        ...{ architecture: 'convnet-0.25', images: 'UP_TO_64_PIXELS', matched: 15, total: 15 },
        ...{ fresh: nothing, unused: nothing },
      },
      {
        ...{ architecture: 'convnet-0.25', images: 'ABOVE_64_PIXELS', matched: 14, total: 15 },
        ...{ fresh: { shown: [stem], count: 1 }, unused: nothing },
      },
    ])
  })

  it('has classes told whose names are no text that a database stores', async () => {
    const { tensors } = decodeSafetensors(readFileSync(given))
    const metadata = { classes: JSON.stringify(['a\0b', 'c\ud800']) }
    const { answer } = await look(encodeSafetensors({ tensors, metadata }))
    if (answer.type === 'refused') throw new Error(answer.reason)
    expect(answer.inspection.classes).toEqual(['a\ufffdb', 'c\ufffd'])
  })

  it('is told, too, what it lacks and what has no place', async () => {
    const { tensors } = decodeSafetensors(readFileSync(given))
    const lacking = /^(stem\/kernel|stem_bn\/beta|normalization.*|logits.*)$/
    const others = tensors.filter(({ name }) => !lacking.test(name))
    const stray = { name: 'block1_expand/kernel', shape: [2], values: new Float32Array(2) }
    const { answer } = await look(named([...others, stray]))
    if (answer.type === 'refused') throw new Error(answer.reason)
    expect(answer.inspection.classes).toBeNull()
    const [fit] = answer.inspection.families[0]!.fits
    expect(fit).toMatchObject({
      ...{ architecture: 'convnet-0.25', images: 'ANY', matched: 13, total: 15 },
      unused: { shown: ['block1_expand/kernel'], count: 1 },
    })
    expect(fit?.fresh.shown).toContainEqual({ name: 'stem_bn/beta', reason: 'not in the file' })
  })

  it.each<[string, () => Uint8Array, RegExp]>([
    [
      'whose pickle asks for a program',
      () => readFileSync('test/references/given/module.pth'),
      /^Its pickle cannot be read: it asks for "torch\.nn\.modules\.linear\.Linear", which is refused/,
    ],
    [
      'that is cut off',
      () => readFileSync(given).subarray(0, -100),
      /^The tensor ".*" is not where the header says\.$/,
    ],
    [
      'that is a picture',
      () => Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      /^It is none of the kinds that are read: a safe/,
    ],
    [
      'of another network',
      () => named([{ name: 'attention/query', shape: [1], values: new Float32Array(1) }]),
      /^None of its 1 tensors is named as .* of a network that is here; its names: attention\/query\.$/,
    ],
    [
      'of other shapes',
      () => readFileSync('test/references/given/zipped.pth'),
      /^8 of its 8 tensors are named as .*, but of no network that is here it has half of the weights in their shapes; its names: conv1\.weight/,
    ],
  ])('is refused in a sentence %s', async (_, content, words) => {
    const { answer } = await look(content())
    expect(answer).toEqual({ type: 'refused', reason: expect.stringMatching(words) })
  })
})
