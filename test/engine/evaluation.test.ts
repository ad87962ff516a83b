import { describe, expect, it } from 'vitest'
import { PackedSplit } from '../../workers/engine/batches/packed-split.ts'
import type { CohortProgram } from '../../workers/engine/cohort-program.ts'
import { evaluateCohort, scoreStudents } from '../../workers/engine/evaluation/evaluate.ts'
import {
  argMax,
  crossEntropy,
  meanPosteriorClass,
  NearestClassMean,
  softmax,
} from '../../workers/engine/evaluation/scores.ts'
import type { StudentNetwork } from '../../workers/engine/students/student-network.ts'
import { storeSyntheticDataset } from './synthetic-dataset.ts'

describe('the scores of one picture', () => {
  it('are a softmax and its cross-entropy, however large the logits', () => {
    expect(softmax([Math.log(1), Math.log(3)])[1]).toBeCloseTo(0.75, 12)
    expect([...softmax([1000, 1000])]).toEqual([0.5, 0.5])
    expect(crossEntropy([Math.log(1), Math.log(3)], 0)).toBeCloseTo(Math.log(4), 12)
    expect(crossEntropy([0, 2000], 0)).toBe(2000)
  })

  it('name the first of equally likely classes', () => {
    expect(argMax([1, 3, 3, 2])).toBe(1)
  })

  it('let one sure student outvote two unsure ones in the mean posterior', () => {
    const logits = [
      [0.55, 0.45],
      [0.55, 0.45],
      [0.01, 0.99],
    ].map((posterior) => posterior.map(Math.log))
    expect(meanPosteriorClass(logits)).toBe(1)
  })
})

describe('the nearest class mean', () => {
  it('compares directions, not lengths', () => {
    const means = new NearestClassMean(2, 2)
    means.add([10, 0], 0)
    means.add([0, 1], 1)
    expect([means.classify([1, 2]), means.classify([2, 1])]).toEqual([1, 0])
  })

  it('measures the distance to the mean of the class, which may be shorter than its pictures', () => {
    const means = new NearestClassMean(2, 2)
    // Class 0 points both ways along x: its mean is the origin, at distance 1 from any direction.
    means.add([1, 0], 0)
    means.add([-1, 0], 0)
    means.add([0, 1], 1)
    // (0.8, 0.6) is sqrt(0.8) = 0.894 from class 1, (1, 0) is sqrt(2).
    expect([means.classify([4, 3]), means.classify([1, 0])]).toEqual([1, 0])
  })

  it('never chooses a class without pictures', () => {
    const means = new NearestClassMean(3, 2)
    means.add([1, 0], 2)
    expect(means.classify([0, 1])).toBe(2)
  })
})

describe('the evaluation of a cohort', () => {
  // 5 test pictures with the labels 0 1 0 1 0, and 20 training pictures.
  const { dataset, blobPaths } = storeSyntheticDataset({
    size: 8,
    channels: 1,
    classes: 2,
    train: 20,
    test: 5,
  })
  const splits = {
    train: PackedSplit.open(dataset, 'train', blobPaths),
    test: PackedSplit.open(dataset, 'test', blobPaths),
  }
  const students = ['ada', 'ben'].map(
    (name) => ({ name, architecture: 'resnet-8', parameters: 7 }) as StudentNetwork,
  )
  const PREDICTIONS = 128

  /** Ada always says class 0 with 0.75; Ben tells the brighter half, with 0.9. Features: Ben's answer as a direction. */
  const program = {
    predict: (pictures: Uint8Array) => {
      const logits = new Float32Array(2 * PREDICTIONS * 2)
      const features = new Float32Array(PREDICTIONS * 2)
      for (let i = 0; i < PREDICTIONS; i++) {
        const picture = pictures.subarray(i * 64, (i + 1) * 64)
        const brightness = (fromColumn: number) =>
          picture
            .filter((_, p) => p < 32 && Math.floor((p % 8) / 4) === fromColumn)
            .reduce((sum, v) => sum + v, 0)
        const seen = brightness(0) >= brightness(1) ? 0 : 1
        logits.set([Math.log(0.75), Math.log(0.25)], i * 2)
        logits.set(
          seen === 0 ? [Math.log(0.9), Math.log(0.1)] : [Math.log(0.1), Math.log(0.9)],
          (PREDICTIONS + i) * 2,
        )
        features.set(seen === 0 ? [1, 0] : [0, 1], i * 2)
      }
      return { logits, features }
    },
  } as unknown as CohortProgram

  const { log } = Math
  const expected = [
    { top1: 3 / 5, loss: -(3 * log(0.75) + 2 * log(0.25)) / 5 },
    { top1: 1, loss: -log(0.9) },
  ]

  it('counts each student’s hits and averages its loss, without the padding of the last batch', async () => {
    const scores = await scoreStudents(program, 2, 2, splits.test, async () => {})
    for (const [k, { top1, loss }] of expected.entries()) {
      expect(scores[k]!.top1).toBe(top1)
      expect(scores[k]!.loss).toBeCloseTo(loss, 6)
    }
  })

  it('tells the students, the mean posterior and the concatenated features', async () => {
    const evaluation = await evaluateCohort(program, students, 2, splits, async () => {})
    expect(evaluation.testCount).toBe(5)
    expect(evaluation.students.map(({ name, top1 }) => [name, top1])).toEqual([
      ['ada', 3 / 5],
      ['ben', 1],
    ])
    // (0.75 + 0.1) / 2 < (0.25 + 0.9) / 2: Ben's certainty wins.
    expect(evaluation.ensemble).toEqual({ meanPosteriorTop1: 1, concatenatedFeaturesTop1: 1 })
  })
})
