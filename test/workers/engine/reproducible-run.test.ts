import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TrainingOrder } from '../../../contract/training.ts'
import { buildStudent } from '../../../workers/engine/students/student-network.ts'
import { eventsOfType, type FinishedRun, smallOrder, trainToTheEnd } from './small-run.ts'
import { storeSyntheticDataset } from './synthetic-dataset.ts'

const stored = storeSyntheticDataset()
const two = { ada: 'resnet-8', ben: 'resnet-14' }

/** Hashes of the exported files by name. */
function artifactHashes({ events }: FinishedRun): Record<string, string> {
  const artifacts = eventsOfType(events, 'artifact')
  return Object.fromEntries(
    artifacts.map(({ fileName, path }) => [
      fileName,
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    ]),
  )
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** A student's points, without its index in the cohort and its distance from peers, which one that is alone lacks. */
function pointsOf({ points }: FinishedRun, student: number) {
  return points
    .filter((point) => point.student === student && point.name !== 'testDivergence')
    .map(({ name, step, value }) => ({ name, step, value }))
}

describe('a run', () => {
  let first: FinishedRun
  beforeAll(async () => {
    first = await trainToTheEnd(smallOrder({ students: two, stored }))
  })

  it('tells its phases in order and finishes', () => {
    expect(eventsOfType(first.events, 'phase').map(({ phase }) => phase)).toEqual([
      'LOADING',
      'CAPTURING',
      'TRAINING',
      'EVALUATING',
      'EXPORTING',
    ])
    expect(first.outcome).toBe('finished')
    expect(first.events.at(-1)).toEqual({ type: 'finished' })
  })

  it('reports every step of every student once, and the test accuracy after every epoch', () => {
    const named = (name: string) => first.points.filter((point) => point.name === name)
    const steps = Array.from({ length: 10 }, (_, i) => i + 1)
    for (const name of ['loss', 'labelLoss', 'mutualLoss', 'trainTop1']) {
      for (const student of [0, 1]) {
        expect(
          named(name)
            .filter((p) => p.student === student)
            .map(({ step }) => step),
        ).toEqual(steps)
      }
    }
    expect(named('learningRate').map(({ step }) => step)).toEqual(steps)
    expect(named('testTop1').map(({ step }) => step)).toEqual([5, 5, 10, 10])
  })

  it('ends with the test accuracy that its last evaluation told', () => {
    const told = eventsOfType(first.events, 'evaluation').map(({ evaluation }) => evaluation)
    expect(told).toHaveLength(1)
    const last = first.points.filter(({ name, step }) => name === 'testTop1' && step === 10)
    expect(told[0]!.students.map(({ top1 }) => top1)).toEqual(last.map(({ value }) => value))
    const hits = eventsOfType(first.events, 'classHits')
    expect(hits.map(({ step }) => step)).toEqual([5, 10])
    const recalls = told[0]!.students.map(({ classes }) =>
      classes!.map(({ count, recall }) => count * recall!),
    )
    expect(hits[1]!.students).toEqual(recalls)
    expect(sum(hits[1]!.ensemble!)).toBe(told[0]!.testCount * told[0]!.ensemble.meanPosteriorTop1)
  })

  it('is the same to the bit when it is repeated, exports included', async () => {
    const second = await trainToTheEnd(smallOrder({ students: two, stored }))
    expect(second.points).toEqual(first.points)
    expect(artifactHashes(second)).toEqual(artifactHashes(first))
    expect(Object.keys(artifactHashes(first))).toHaveLength(3)
  })

  it('is another one with another seed', async () => {
    const other = await trainToTheEnd(smallOrder({ students: two, stored, seed: 2 }))
    expect(pointsOf(other, 0)).not.toEqual(pointsOf(first, 0))
  })

  it('teaches: sharing the lesson changes what a student learns', async () => {
    const alone = await trainToTheEnd(
      smallOrder({ students: two, stored, teaching: { method: 'INDEPENDENT' } }),
    )
    expect(pointsOf(alone, 0).at(-1)).not.toEqual(pointsOf(first, 0).at(-1))
  })
})

describe('a student of a cohort', () => {
  it('learns under INDEPENDENT exactly what it would learn alone', async () => {
    const teaching = { method: 'INDEPENDENT' }
    const together = await trainToTheEnd(smallOrder({ students: two, stored, teaching }))
    const adaAlone = await trainToTheEnd(smallOrder({ students: { ada: 'resnet-8' }, stored, teaching }))
    const benAlone = await trainToTheEnd(smallOrder({ students: { ben: 'resnet-14' }, stored, teaching }))
    expect(pointsOf(together, 0)).toEqual(pointsOf(adaAlone, 0))
    expect(pointsOf(together, 1)).toEqual(pointsOf(benAlone, 0))
  })

  it('keeps its initial weights whoever else is in the cohort, and in whatever order', () => {
    const weights = (order: TrainingOrder, name: string) => {
      const student = order.cohort.students.find((s) => s.name === name)!
      const network = buildStudent(student, order.dataset, order.dataset.classes.length, order.seed)
      return network.weights.map(({ variable }) => [...variable.dataSync()])
    }
    const small = smallOrder({ students: two, stored })
    const large = smallOrder({ students: { eve: 'resnet-8', ben: 'resnet-14', ada: 'resnet-8' }, stored })
    expect(weights(large, 'ada')).toEqual(weights(small, 'ada'))
    expect(weights(large, 'eve')).not.toEqual(weights(large, 'ada'))
  })
})
