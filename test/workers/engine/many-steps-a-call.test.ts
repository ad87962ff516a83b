import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TrainingOrder } from '../../../contract/training.ts'
import { chooseExecution } from '../../../workers/engine/execution.ts'
import { openSplits } from '../../../workers/engine/open-splits.ts'
import { eventsOfType, type FinishedRun, smallOrder, trainToTheEnd } from './small-run.ts'
import { storeSyntheticDataset } from './synthetic-dataset.ts'

const stored = storeSyntheticDataset({ size: 8, train: 41 })
const students = { ada: 'convnet-0.25', ben: 'convnet-0.25' }

/** Ten steps an epoch, evaluated after each; a checkpoint after every sixth step. */
function orderOf(execution?: TrainingOrder['execution']): TrainingOrder {
  const order = smallOrder({ students, stored, recipe: { batchSize: 4, epochs: 2 } })
  const checkpoints = { folder: join(order.outputFolder, 'checkpoints'), everySteps: 6, keep: 9 }
  return { ...order, execution, checkpoints }
}

function checkpointSteps({ events }: FinishedRun): number[] {
  return eventsOfType(events, 'checkpoint').map(({ step }) => step)
}

function modelsOf({ events }: FinishedRun) {
  return eventsOfType(events, 'artifact').map(({ path }) => readFileSync(path).toString('base64'))
}

function hashesOf({ events }: FinishedRun) {
  return eventsOfType(events, 'weights').map(({ step, tensors }) => ({ step, tensors }))
}

describe('a run that takes seven steps a call', () => {
  it('reports, evaluates, saves and exports what a run of single steps does', async () => {
    const single = await trainToTheEnd(orderOf())
    const many = await trainToTheEnd(orderOf({ stepsPerCall: 7 }))
    expect(many.outcome).toBe('finished')
    expect(many.points).toEqual(single.points)
    expect(modelsOf(many)).toEqual(modelsOf(single))
    // A checkpoint that is due while another is being written waits for the end of a later call.
    expect(checkpointSteps(many)).toContain(20)
  })

  it('changes nothing either where its images lie on the device', async () => {
    const fed = await trainToTheEnd(orderOf())
    for (const stepsPerCall of [1, 7]) {
      const resident = await trainToTheEnd(orderOf({ stepsPerCall, picturesOnDevice: true }))
      expect(resident.points).toEqual(fed.points)
      expect(modelsOf(resident)).toEqual(modelsOf(fed))
    }
  })

  it('stopped in the middle of an epoch and resumed with calls of another length, ends the same', async () => {
    const whole = await trainToTheEnd(orderOf())
    const first = orderOf({ stepsPerCall: 7 })
    const stopped = await trainToTheEnd(first, (events) => eventsOfType(events, 'weights').length > 0)
    expect(stopped.outcome).toBe('stopped')
    const resumed = await trainToTheEnd({ ...orderOf({ stepsPerCall: 5 }), checkpoints: first.checkpoints! })
    // Weights are hashed after the first step, which is a call of its own.
    expect(eventsOfType(resumed.events, 'begin')[0]!.step).toBe(1)
    expect([...stopped.points, ...resumed.points]).toEqual(whole.points)
    expect(modelsOf(resumed)).toEqual(modelsOf(whole))
  })

  it('learns from images without labels as well, the same after a stop and with calls of any length', async () => {
    const some = storeSyntheticDataset({ size: 8, train: 41, unlabelled: 19 })
    const order = (unlabelledRatio: number, execution?: TrainingOrder['execution']) => {
      const recipe = { batchSize: 4, epochs: 2, unlabelledRatio }
      const made = smallOrder({ students, stored: some, recipe })
      const checkpoints = { folder: join(made.outputFolder, 'checkpoints'), everySteps: 6, keep: 9 }
      return { ...made, execution, checkpoints }
    }
    const whole = await trainToTheEnd(order(2))
    const first = order(2, { stepsPerCall: 7, picturesOnDevice: true })
    const stopped = await trainToTheEnd(first, (events) => eventsOfType(events, 'weights').length > 0)
    const { checkpoints } = first
    const resumed = await trainToTheEnd({ ...order(2, { stepsPerCall: 5 }), checkpoints })
    expect([...stopped.points, ...resumed.points]).toEqual(whole.points)
    expect(modelsOf(resumed)).toEqual(modelsOf(whole))
    expect(whole.points).not.toEqual((await trainToTheEnd(order(0))).points)
    const { outcome, events } = await trainToTheEnd(order(5))
    expect([outcome, events.at(-1)]).toMatchObject([
      'failed',
      { message: expect.stringContaining('a step takes 20 images without labels, and the dataset has 19') },
    ])
  })

  it('stopped during its last evaluation and resumed, tells the hash of the last weights all the same', async () => {
    const whole = await trainToTheEnd(orderOf())
    const first = orderOf()
    const stopped = await trainToTheEnd(first, (events) =>
      eventsOfType(events, 'metrics').some(({ step }) => step === 20),
    )
    expect(stopped.outcome).toBe('stopped')
    const resumed = await trainToTheEnd({ ...orderOf(), checkpoints: first.checkpoints! })
    expect(eventsOfType(resumed.events, 'begin')[0]).toMatchObject({ step: 20, isTested: false })
    expect(hashesOf(resumed)).toEqual(hashesOf(whole).slice(-1))
  })
})

it('leaves images without labels out where all students learn alone, so that the others may lie on the device', () => {
  const some = storeSyntheticDataset({ size: 8, train: 41, unlabelled: 19 })
  const recipe = { batchSize: 4, unlabelledRatio: 2 }
  const residentRows = (method: 'INDEPENDENT' | 'MUTUAL') => {
    const order = smallOrder({ students, stored: some, recipe, teaching: { method } })
    const splits = openSplits(order, () => {}, undefined)
    splits.close()
    const execution = { picturesOnDevice: true }
    return [splits.unlabelled?.count, chooseExecution({ ...order, execution }, splits.learned).residentRows]
  }
  expect(residentRows('INDEPENDENT')).toEqual([undefined, 41])
  expect(residentRows('MUTUAL')).toEqual([19, undefined])
})
