import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { TrainingOrder } from '../../../../contract/training.ts'
import { decodeSafetensors, encodeSafetensors } from '../../../../workers/engine/safetensors.ts'
import { eventsOfType, smallOrder, trainToTheEnd } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

vi.setConfig({ testTimeout: 120_000 })

const stored = storeSyntheticDataset({ size: 8, train: 24, test: 8 })
const recipe = { epochs: 1, schedule: { kind: 'CONSTANT' } } as const
const distillation = { method: 'DISTILLATION', temperature: 2 }

/** The `model.safetensors` that a run left of its student ada. */
function weightsFile({ outputFolder }: TrainingOrder) {
  const path = join(outputFolder, 'ada-convnet-0.25-safetensors', 'model.safetensors')
  const content = readFileSync(path)
  return { path, content, sha256: createHash('sha256').update(content).digest('hex') }
}

function tensorsOf(order: TrainingOrder) {
  return decodeSafetensors(weightsFile(order).content).tensors
}

function alone(): TrainingOrder {
  const order = smallOrder({
    students: { ada: 'convnet-0.25' },
    stored,
    teaching: { method: 'INDEPENDENT' },
    recipe,
  })
  return { ...order, formats: ['SAFETENSORS'] }
}

function taughtBy(teacher: { path: string; sha256: string }, architecture = 'convnet-0.25'): TrainingOrder {
  const order = smallOrder({
    students: { ada: architecture, ben: 'convnet-0.25' },
    teacher,
    stored,
    teaching: distillation,
    recipe,
  })
  return { ...order, formats: ['SAFETENSORS'] }
}

/** Of the finished model with one thing changed. */
function changed(
  content: Buffer,
  change: (file: ReturnType<typeof decodeSafetensors>) => void,
): { path: string; sha256: string } {
  const file = decodeSafetensors(content)
  change(file)
  const bytes = encodeSafetensors(file)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const path = join(first.outputFolder, sha256)
  writeFileSync(path, bytes)
  return { path, sha256 }
}

const first = alone()
await trainToTheEnd(first)
const finished = weightsFile(first)

describe('distillation from a finished model', () => {
  it('has the others learn from it in one stage, and leaves it as it is', async () => {
    const order = taughtBy(finished)
    const { outcome, events, points } = await trainToTheEnd(order)
    expect(outcome).toBe('finished')
    expect(eventsOfType(events, 'metrics').at(-1)).toMatchObject({ step: 3, steps: 3, epochs: 1 })
    const mutual = points.filter(({ name }) => name === 'mutualLoss')
    expect(mutual.map(({ student, value }) => [student, value > 0])).toEqual([1, 1, 1].map((k) => [k, true]))
    expect(tensorsOf(order)).toEqual(tensorsOf(first))
    const card = readFileSync(join(order.outputFolder, 'ada-convnet-0.25-safetensors', 'README.md'), 'utf8')
    expect(card).toContain('trained in an earlier run, here the frozen teacher of ben (convnet-0.25).')
  })

  it('begins with the finished weights where the recipe keeps an average, too', async () => {
    const order = taughtBy(finished)
    await trainToTheEnd({ ...order, recipe: { ...order.recipe, averageDecay: 0.9 } })
    expect(tensorsOf(order)).toEqual(tensorsOf(first))
  })

  it.each([
    ['of another architecture', finished, 'convnet-0.5', /is no convnet-0.5 for images of this kind/],
    [
      'of other classes',
      changed(finished.content, ({ metadata }) => {
        metadata.classes = '["cat","dog","owl"]'
      }),
      'convnet-0.25',
      /trained on other classes/,
    ],
    [
      'that knows images otherwise',
      changed(finished.content, ({ tensors }) => {
        tensors.find(({ name }) => name === 'normalization/moving_mean')!.values[0]! *= 1.01
      }),
      'convnet-0.25',
      /with another normalisation; choose one of the same dataset version/,
    ],
    [
      'whose file was changed',
      { path: changed(finished.content, () => {}).path, sha256: 'f'.repeat(64) },
      'convnet-0.25',
      /missing or were changed/,
    ],
  ])('refuses one %s, in words', async (_, teacher, architecture, words) => {
    const { outcome, events } = await trainToTheEnd(taughtBy(teacher, architecture))
    expect(outcome).toBe('failed')
    expect(eventsOfType(events, 'failed')[0]?.message).toMatch(words)
  })
})
