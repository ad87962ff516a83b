import { describe, expect, it } from 'vitest'
import type { RecipeOverrides } from '../../../contract/recipes/recipe.ts'
import type { TrainingOrder } from '../../../contract/training.ts'
import { GraphRecorder } from '../../../workers/engine/capture/recorder.ts'
import { Session } from '../../../workers/engine/capture/session.ts'
import { StepRunner } from '../../../workers/engine/step-runner.ts'
import { type Tensor4D, tf } from '../../../workers/engine/tensorflow.ts'
import { eventsOfType, type FinishedRun, smallOrder, trainToTheEnd } from './small-run.ts'
import { storeSyntheticDataset } from './synthetic-dataset.ts'

const stored = storeSyntheticDataset({ size: 8 })

/** Five steps, on images that lie on the device. */
function orderOf(mode: 'PLAIN' | 'COMPILED', recipe: RecipeOverrides = {}): TrainingOrder {
  const students = { ada: 'convnet-0.25', ben: 'convnet-0.25' }
  const order = smallOrder({ students, stored, recipe: { epochs: 1, ...recipe } })
  return { ...order, execution: { mode, stepsPerCall: 4, picturesOnDevice: true } }
}

function logOf({ events }: FinishedRun): string[] {
  return eventsOfType(events, 'log').map(({ level, message }) => `${level} ${message}`)
}

describe('a run whose steps XLA compiles', () => {
  it('learns what the plain run does, to rounding, and tells that it compiles', async () => {
    const plain = await trainToTheEnd(orderOf('PLAIN'))
    const compiled = await trainToTheEnd(orderOf('COMPILED'))
    expect(compiled.outcome).toBe('finished')
    expect(compiled.points.map(({ name, step }) => [name, step])).toEqual(
      plain.points.map(({ name, step }) => [name, step]),
    )
    for (const [i, { value }] of compiled.points.entries())
      expect(Math.abs(value - plain.points[i]!.value)).toBeLessThan(1e-3)
    expect(logOf(compiled)).toEqual([
      expect.stringMatching(/^INFO Compiling the training step/),
      expect.stringMatching(/^INFO Compiled the training step in [\d.]+ s/),
    ])
  })
})

describe('a run that was promised a card', () => {
  it('fails with a sentence where TensorFlow sees none, and trains nothing on the processor', async () => {
    const execution = { device: 'NVIDIA H100', cardBytes: 80 * 2 ** 30 }
    const { events, points } = await trainToTheEnd({ ...orderOf('PLAIN'), execution })
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(/has a card \(NVIDIA H100\), but TensorFlow does not see it/),
    })
    expect(points).toEqual([])
  })
})

describe('a step that XLA cannot compile', () => {
  it('is run plain, with a line in the log that says why', () => {
    const recorder = new GraphRecorder([])
    const images = { dtype: 'float32', shape: [1, 4, 4, 1] } as const
    // TensorFlow has no XLA kernel for dilations.
    recorder.record('dilate', { images }, (inputs) => ({
      metrics: tf.dilation2d(inputs.images as Tensor4D, tf.zeros([2, 2, 1]), 1, 'same'),
    }))
    const loop = { isCompiled: true, capacity: 3 }
    const session = Session.open(recorder, ['dilate'], loop)
    const lines: string[] = []
    let refused = 0
    const onLog = (level: string, message: string) => lines.push(`${level} ${message}`)
    const runner = new StepRunner(session, loop, onLog, () => refused++)
    const given = [1, 2].map((k) => ({ images: Float32Array.from({ length: 16 }, (_, i) => k * i) }))
    const largest = [5, 6, 7, 7, 9, 10, 11, 11, 13, 14, 15, 15, 13, 14, 15, 15]
    const expected = [...largest, ...largest.map((value) => 2 * value)]
    expect([...runner.run('dilate', given)]).toEqual(expected)
    expect([...runner.run('dilate', given)]).toEqual(expected)
    session.close()
    expect(lines.map((line) => line.slice(0, 60))).toEqual([
      expect.stringMatching(/^INFO Compiling/),
      expect.stringMatching(/^WARN XLA cannot compile the training step/),
    ])
    expect(lines[1]).toContain('Dilation2D')
    expect(refused).toBe(1)
  })
})
