import { describe, expect, it } from 'vitest'
import type { Evaluation } from '../../../contract/evaluation.ts'
import { findInOutcome, isAtChance, type TestAccuracies } from '../../../contract/runs/run-findings.ts'

const CLASSES = 10
const TEST_COUNT = 1000

function outcome(
  students: { top1: number; loss?: number; counts?: number[] }[],
  disagreement?: number,
): Evaluation {
  const names = ['ada', 'grace', 'joan']
  return {
    testCount: TEST_COUNT,
    students: students.map(({ top1, loss = 0.5, counts }, i) => ({
      name: names[i] ?? '',
      architecture: 'resnet-8',
      parameters: 78_000,
      top1,
      loss,
      ...(counts && { classes: counts.map((count) => ({ count, precision: 0, recall: 0, f1: 0 })) }),
    })),
    ensemble: { meanPosteriorTop1: 0.9, concatenatedFeaturesTop1: 0.9 },
    ...(disagreement !== undefined && {
      peers: {
        divergence: students.map(() => students.map(() => 0)),
        disagreement: students.map((_, j) => students.map((__, k) => (j === k ? 0 : disagreement))),
      },
    }),
  }
}

const find = (evaluation: Evaluation, accuracies: TestAccuracies[] = []) =>
  findInOutcome(evaluation, CLASSES, accuracies).map(({ code, student }) => [code, student])

describe('the outcome of a run', () => {
  it('has nothing remarkable where its students have learned and differ', () => {
    const steady = [
      { name: 'ada', best: 0.9, last: 0.9 },
      { name: 'grace', best: 0.89, last: 0.88 },
    ]
    expect(find(outcome([{ top1: 0.9 }, { top1: 0.88 }], 0.08), steady)).toEqual([])
  })

  it('names a student that is no better than a guess', () => {
    expect(find(outcome([{ top1: 0.9 }, { top1: 0.11 }], 0.8))).toEqual([['AT_CHANCE', 'grace']])
  })

  it('takes the most frequent class for chance, not the share of one class', () => {
    const counts = [820, ...Array.from({ length: 9 }, () => 20)]
    const [student] = outcome([{ top1: 0.82, counts }]).students
    expect(student && isAtChance(student, TEST_COUNT, CLASSES)).toBe(true)
    expect(find(outcome([{ top1: 0.82, counts }]))).toEqual([['AT_CHANCE', 'ada']])
    expect(find(outcome([{ top1: 0.9, counts }]))).toEqual([])
  })

  it('asks for more than chance could give on few test images', () => {
    expect(find({ ...outcome([{ top1: 0.2 }]), testCount: 40 })).toEqual([['AT_CHANCE', 'ada']])
    expect(find(outcome([{ top1: 0.2 }]))).toEqual([])
  })

  it('names one whose loss is finite and absurd, once', () => {
    const found = findInOutcome(outcome([{ top1: 0.1, loss: 1e18 }]), CLASSES, [])
    expect(found.map(({ code }) => code)).toEqual(['DIVERGED'])
    expect(found[0]?.message).toBe(
      'ada diverged: its test loss is 1.0e+18, and a uniform guess over 10 classes has 2.30.',
    )
  })

  it('names one that ends well below its best', () => {
    const fallen = [{ name: 'ada', best: 0.88, last: 0.71 }]
    expect(find(outcome([{ top1: 0.71 }]), fallen)).toEqual([['FELL_BACK', 'ada']])
    expect(find(outcome([{ top1: 0.87 }]), [{ name: 'ada', best: 0.88, last: 0.87 }])).toEqual([])
  })

  it('says nothing of a fall that is not in what is exported, since the best checkpoint is', () => {
    const fallen = [{ name: 'ada', best: 0.88, last: 0.71 }]
    const last = {
      checkpoint: 'LAST',
      step: 100,
      epoch: 10,
      validationCount: 0,
      validationTop1: null,
    } as const
    const delivered = { ...last, stoppedAfterEpoch: null }
    const best = {
      ...delivered,
      checkpoint: 'BEST',
      step: 60,
      validationCount: 50,
      validationTop1: 0.9,
    } as const
    expect(find({ ...outcome([{ top1: 0.87 }]), delivered }, fallen)).toEqual([['FELL_BACK', 'ada']])
    expect(find({ ...outcome([{ top1: 0.87 }]), delivered: best }, fallen)).toEqual([])
  })

  it('says that students have become alike where they are wrong together, not where they are hardly wrong', () => {
    expect(find(outcome([{ top1: 0.8 }, { top1: 0.8 }], 0.001))).toEqual([['ALIKE', null]])
    expect(find(outcome([{ top1: 0.999 }, { top1: 0.999 }], 0.0005))).toEqual([])
  })
})
