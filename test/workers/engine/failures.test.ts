import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeFailure } from '../../../workers/engine/failures.ts'
import { backend, tf } from '../../../workers/engine/tensorflow.ts'
import { eventsOfType, smallOrder, trainToTheEnd } from './small-run.ts'

const students = { ada: 'resnet-8', ben: 'resnet-8' }

function failureOf(work: () => unknown) {
  try {
    work()
  } catch (error) {
    return describeFailure(error)
  }
  throw new Error('nothing failed')
}

describe('a run that cannot go on', () => {
  it('ends within the step in which a loss is no longer a number, and names student and step', async () => {
    const schedule = { kind: 'CONSTANT' } as const
    const recipe = { learningRate: 100, schedule, epochs: 100, evaluateEveryEpochs: 100 }
    const run = await trainToTheEnd(smallOrder({ students, recipe }))
    expect(run.outcome).toBe('failed')
    const last = run.events.at(-1)
    expect(last).toMatchObject({ type: 'failed', code: 'NOT_FINITE' })
    const message = last?.type === 'failed' ? last.message : ''
    expect(message).toMatch(/of student (ada|ben) became (NaN|Infinity|-Infinity) at step \d+/)
    const step = Number(/step (\d+)/.exec(message)?.[1])
    expect(Math.max(...run.points.map((point) => point.step))).toBe(step - 1)
    expect(run.points.every(({ value }) => Number.isFinite(value))).toBe(true)
  })

  it('refuses a batch that is larger than the data', async () => {
    const run = await trainToTheEnd(smallOrder({ students, recipe: { batchSize: 41 } }))
    expect(run.events.at(-1)).toEqual({
      type: 'failed',
      code: 'ENGINE_ERROR',
      message: 'a batch of 41 is larger than the 40 training images',
    })
  })

  it('tells running out of memory as such', () => {
    // 16 TiB, which TensorFlow's allocator refuses on any machine.
    const allocate = () => tf.tidy(() => tf.tile(tf.ones([1, 1]), [2 ** 21, 2 ** 21]).dataSync())
    expect(failureOf(allocate)).toMatchObject({
      type: 'failed',
      code: 'OUT_OF_MEMORY',
      message: expect.stringMatching(/^Memory ran out\. .*OOM when allocating/s),
    })
    expect(describeFailure(new RangeError('Array buffer allocation failed'))).toMatchObject({
      code: 'OUT_OF_MEMORY',
    })
    expect(describeFailure(new Error('the room is full'))).toMatchObject({ code: 'ENGINE_ERROR' })
  })
})

describe('a run that is asked to stop', () => {
  it('stops between two steps and exports nothing', async () => {
    const order = smallOrder({ students, recipe: { epochs: 50 } })
    const run = await trainToTheEnd(order, (events) => eventsOfType(events, 'metrics').length > 0)
    expect(run.outcome).toBe('stopped')
    expect(run.events.at(-1)).toEqual({ type: 'stopped' })
    expect(eventsOfType(run.events, 'artifact')).toEqual([])
    expect(Math.max(...run.points.map(({ step }) => step))).toBeLessThan(250)
  })

  it('lets the event loop turn between two steps, so that the request can arrive', async () => {
    let asked = false
    setTimeout(() => {
      asked = true
    }, 300)
    const run = await trainToTheEnd(smallOrder({ students, recipe: { epochs: 1000 } }), () => asked)
    expect(run.outcome).toBe('stopped')
  })
})

const count = () => [tf.memory().numTensors, backend.getNumOfTFTensors(), backend.getNumOfSavedModels()]

it('holds as many tensors after 200 steps as after 2, checkpoints included', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'studyhall-checkpoints-'))
  const order = smallOrder({ students, recipe: { epochs: 50, evaluateEveryEpochs: 50 } })
  // Asked once before the capture, then before every step.
  const counts: number[][] = []
  await trainToTheEnd({ ...order, checkpoints: { folder, everySteps: 50, keep: 1 } }, () => {
    counts.push(count())
    return counts.length > 202
  })
  expect(counts).toHaveLength(203)
  expect(counts[202]).toEqual(counts[4])
}, 120_000)

it('leaves nothing behind in TensorFlow, however a run ends', async () => {
  await trainToTheEnd(smallOrder({ students }))
  const before = count()
  await trainToTheEnd(smallOrder({ students }))
  await trainToTheEnd(smallOrder({ students }), (events) => eventsOfType(events, 'metrics').length > 0)
  expect(count()).toEqual(before)
}, 120_000)
