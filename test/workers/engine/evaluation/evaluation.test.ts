import { describe, expect, it } from 'vitest'
import { Evaluation, ensembleGain } from '../../../../contract/evaluation.ts'
import { ClassificationTally } from '../../../../workers/engine/evaluation/classification-tally.ts'
import { NearestClassMean } from '../../../../workers/engine/evaluation/nearest-class-mean.ts'
import { PeerTally } from '../../../../workers/engine/evaluation/peer-tally.ts'
import {
  argMax,
  logMeanPosterior,
  logPosterior,
  rankOf,
} from '../../../../workers/engine/evaluation/scores.ts'

const logsOf = (posterior: number[]) => Float64Array.from(posterior, Math.log)

describe('the scores of one image', () => {
  it('are a log posterior and its cross-entropy, however large the logits', () => {
    expect(logPosterior([Math.log(1), Math.log(3)])[1]).toBeCloseTo(Math.log(0.75), 12)
    expect([...logPosterior([1000, 1000])]).toEqual([-Math.log(2), -Math.log(2)])
    expect(logPosterior([0, 2000])[0]).toBe(-2000)
  })

  it('name and rank the first of equally likely classes first', () => {
    expect(argMax([1, 3, 3, 2])).toBe(1)
    expect([0, 1, 2, 3].map((c) => rankOf([1, 3, 3, 2], c))).toEqual([3, 0, 1, 2])
  })

  it('let one sure student outvote two unsure ones in the mean posterior', () => {
    const mean = logMeanPosterior([logsOf([0.55, 0.45]), logsOf([0.55, 0.45]), logsOf([0.01, 0.99])])
    expect(Math.exp(mean[0]!)).toBeCloseTo(0.37, 12)
    expect(argMax(mean)).toBe(1)
  })

  it('stay finite where every student is certain of another class', () => {
    expect(logMeanPosterior([logPosterior([0, 2000, 0]), logPosterior([0, 0, 3000])])[0]).toBeCloseTo(
      -2000.69,
      2,
    )
  })
})

describe('the nearest class mean', () => {
  const classify = (means: NearestClassMean, feature: number[]) => argMax(means.closeness(feature))

  it('compares directions, not lengths', () => {
    const means = new NearestClassMean(2, 2)
    means.add([10, 0], 0)
    means.add([0, 1], 1)
    expect([classify(means, [1, 2]), classify(means, [2, 1])]).toEqual([1, 0])
  })

  it('measures the distance to the mean of the class, which may be shorter than its images', () => {
    const means = new NearestClassMean(2, 2)
    // Class 0 points both ways along x: its mean is the origin, at distance 1 from any direction.
    means.add([1, 0], 0)
    means.add([-1, 0], 0)
    means.add([0, 1], 1)
    // (0.8, 0.6) is sqrt(0.8) = 0.894 from class 1, (1, 0) is sqrt(2).
    expect([classify(means, [4, 3]), classify(means, [1, 0])]).toEqual([1, 0])
  })

  it('never chooses a class without images', () => {
    const means = new NearestClassMean(3, 2)
    means.add([1, 0], 2)
    expect(classify(means, [0, 1])).toBe(2)
  })
})

describe('the tally of a classifier', () => {
  /** Three classes, four images of class 0, 0, 1 and 1, taken for 0, 1, 1 and 0. */
  const tally = new ClassificationTally(3)
  for (const [posterior, label] of [
    [[0.8, 0.1, 0.1], 0],
    [[0.2, 0.7, 0.1], 0],
    [[0.2, 0.7, 0.1], 1],
    [[0.5, 0.25, 0.25], 1],
  ] as const)
    tally.add(logsOf([...posterior]), label)

  it('has the confusion matrix, and precision, recall and F1 of every class', () => {
    expect(tally.confusion()).toEqual([
      [0, 0, 1],
      [0, 1, 1],
      [1, 0, 1],
      [1, 1, 1],
    ])
    const half = { count: 2, precision: 0.5, recall: 0.5, f1: 0.5 }
    expect(tally.classScores()).toEqual([
      half,
      half,
      // No image is of class 2 or was taken for it: there is nothing to tell.
      { count: 0, precision: null, recall: null, f1: null },
    ])
  })

  it('weighs in each bin what was right against what was expected', () => {
    // Bins of 1/15: 0.8 lies in (11/15, 12/15], both 0.7 in (10/15, 11/15], 0.5 in (7/15, 8/15].
    const expected = (Math.abs(1 - 0.8) + Math.abs(1 - 1.4) + Math.abs(0 - 0.5)) / 4
    expect(tally.scores().calibrationError).toBeCloseTo(expected, 12)
  })

  it('has a bin of its own for the least confidence', () => {
    const unsure = new ClassificationTally(40)
    const posterior = (likeliest: number) => [likeliest, ...new Array(39).fill((1 - likeliest) / 39)]
    unsure.add(logsOf(posterior(0.05)), 0)
    unsure.add(logsOf(posterior(0.1)), 1)
    // 0.05 lies in (0, 1/15] and was right, 0.1 in (1/15, 2/15] and was wrong.
    expect(unsure.scores().calibrationError).toBeCloseTo((0.95 + 0.1) / 2, 12)
  })

  it('averages loss and entropy in nats', () => {
    const { log } = Math
    expect(tally.scores().loss).toBeCloseTo(-(log(0.8) + log(0.2) + log(0.7) + log(0.25)) / 4, 12)
    const uniform = new ClassificationTally(4)
    uniform.add(logPosterior([7, 7, 7, 7]), 0)
    expect(uniform.scores().posteriorEntropy).toBeCloseTo(log(4), 12)
  })

  it('counts the five likeliest classes for top-5, the first of equal ones', () => {
    const equal = new ClassificationTally(7)
    for (let label = 0; label < 7; label++) equal.add(logPosterior([0, 0, 0, 0, 0, 0, 0]), label)
    expect(equal.scores()).toMatchObject({ top1: 1 / 7, top5: 5 / 7 })
  })
})

describe('what students think of each other', () => {
  it('is KL(p_j || p_k) in row j and column k, and how often their answers differ', () => {
    const peers = new PeerTally(2)
    peers.add([logsOf([0.75, 0.25]), logsOf([0.5, 0.5])], [0, 0], 0)
    peers.add([logsOf([0.75, 0.25]), logsOf([0.25, 0.75])], [0, 1], 0)
    const { log } = Math
    const { divergence, disagreement } = peers.matrices()
    const first = [0.75 * log(1.5) + 0.25 * log(0.5), 0.5 * log(3)]
    const second = [0.5 * log(0.5 / 0.75) + 0.5 * log(2), 0.5 * log(3)]
    expect(divergence[0]![1]).toBeCloseTo((first[0]! + first[1]!) / 2, 12)
    expect(divergence[1]![0]).toBeCloseTo((second[0]! + second[1]!) / 2, 12)
    expect([divergence[0]![0], divergence[1]![1]]).toEqual([0, 0])
    expect(disagreement).toEqual([
      [0, 0.5],
      [0.5, 0],
    ])
  })

  it('says nothing of how errors go together where one of them makes none', () => {
    const peers = new PeerTally(2)
    for (const label of [0, 1]) peers.add([logsOf([0.6, 0.4]), logsOf([0.6, 0.4])], [label, 0], label)
    expect(peers.matrices().errorCorrelation).toEqual([
      [null, null],
      [null, 1],
    ])
  })
})

describe('the gain of an ensemble', () => {
  it('is over the best student and over the average one, and may be a loss', () => {
    const gain = ensembleGain(0.6, [0.5, 0.7])
    expect(gain.overBest).toBeCloseTo(-0.1, 12)
    expect(gain.overAverage).toBeCloseTo(0, 12)
  })
})

describe('an evaluation of before all this was measured', () => {
  it('can still be read', () => {
    const student = { name: 'ada', architecture: 'resnet-8', parameters: 7, top1: 0.5, loss: 1 }
    const ensemble = { meanPosteriorTop1: 0.5, concatenatedFeaturesTop1: 0.5 }
    const stored = { testCount: 2, students: [student], ensemble }
    expect(Evaluation.parse(stored)).toEqual(stored)
  })
})
