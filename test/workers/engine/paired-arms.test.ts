import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TrainingOrder } from '../../../contract/training.ts'
import { decodeSafetensors } from '../../../workers/engine/safetensors.ts'
import { type FinishedRun, smallOrder, trainToTheEnd } from './small-run.ts'
import { storeSyntheticDataset } from './synthetic-dataset.ts'

/** What the arms of an experiment must have in common, or their differences would hold more than their teaching. */

const stored = storeSyntheticDataset()
const four = { ada: 'resnet-8', ben: 'convnet-0.25', cyd: 'convnet-0.25', dee: 'convnet-0.25' }

interface Arm {
  run: FinishedRun
  order: TrainingOrder
}

async function train(students: Record<string, string>, teaching: object): Promise<Arm> {
  const order: TrainingOrder = { ...smallOrder({ students, teaching, stored }), formats: ['SAFETENSORS'] }
  return { order, run: await trainToTheEnd(order) }
}

/** Every weight and moving statistic that the student ended with. */
function weightsOf({ order }: Arm, name: string) {
  const student = order.cohort.students.find((one) => one.name === name)!
  const folder = `${name}-${student.architecture}-safetensors`
  const { tensors } = decodeSafetensors(readFileSync(join(order.outputFolder, folder, 'model.safetensors')))
  return tensors.map((tensor) => ({ name: tensor.name, values: [...tensor.values] }))
}

/** A student's points without its place in the cohort and its distance from peers, which one that is alone lacks. */
function pointsOf({ order, run }: Arm, name: string, until = Number.POSITIVE_INFINITY) {
  const place = order.cohort.students.findIndex((student) => student.name === name)
  return run.points
    .filter(({ student, step }) => student === place && step <= until)
    .filter((point) => point.name !== 'testDivergence')
    .map(({ name: metric, step, value }) => ({ metric, step, value }))
}

let together: Arm
beforeAll(async () => {
  together = await train(four, { method: 'INDEPENDENT' })
})

describe('to the bit', () => {
  it.each(Object.entries(four))(
    'student %s of four under INDEPENDENT is what it is by itself',
    async (name, architecture) => {
      const alone = await train({ [name]: architecture }, { method: 'INDEPENDENT' })
      expect(pointsOf(alone, name)).toEqual(pointsOf(together, name))
      expect(weightsOf(alone, name)).toEqual(weightsOf(together, name))
    },
  )

  it.each(['SEQUENTIAL', 'SIMULTANEOUS'])(
    'every student under MUTUAL, %s, comes to the first exchange as under INDEPENDENT',
    async (updateRule) => {
      const mutual = await train(four, { method: 'MUTUAL', updateRule })
      const ofItself = ({ metric }: { metric: string }) => metric === 'labelLoss' || metric === 'trainTop1'
      for (const name of Object.keys(four)) {
        const own = pointsOf(mutual, name, 1).filter(ofItself)
        expect(own).toHaveLength(2)
        expect(own).toEqual(pointsOf(together, name, 1).filter(ofItself))
      }
      // And not for want of an exchange.
      expect(weightsOf(mutual, 'ada')).not.toEqual(weightsOf(together, 'ada'))
    },
  )

  it('students who exchange nothing, since it weighs 0, are those of INDEPENDENT', async () => {
    const unmoved = await train(four, { method: 'MUTUAL', weight: 0 })
    for (const name of Object.keys(four))
      expect(weightsOf(unmoved, name), name).toEqual(weightsOf(together, name))
  })

  it('the teacher of a DISTILLATION is the student that it would be by itself', async () => {
    const distilled = await train(four, { method: 'DISTILLATION' })
    const alone = await train({ ada: four.ada }, { method: 'INDEPENDENT' })
    expect(weightsOf(distilled, 'ada')).toEqual(weightsOf(alone, 'ada'))
  })
})
