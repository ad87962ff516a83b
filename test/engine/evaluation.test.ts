import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Evaluation, ensembleGain } from '../../contract/evaluation.ts'
import { PackedSplit } from '../../workers/engine/batches/packed-split.ts'
import type { CohortProgram } from '../../workers/engine/cohort-program.ts'
import { ClassificationTally } from '../../workers/engine/evaluation/classification-tally.ts'
import { evaluateClasses, scoreStudents } from '../../workers/engine/evaluation/examine-classes.ts'
import { SuspectSearch } from '../../workers/engine/evaluation/label-suspects.ts'
import { NearestClassMean } from '../../workers/engine/evaluation/nearest-class-mean.ts'
import { PeerTally } from '../../workers/engine/evaluation/peer-tally.ts'
import { argMax, logMeanPosterior, logPosterior, rankOf } from '../../workers/engine/evaluation/scores.ts'
import type { StudentNetwork } from '../../workers/engine/students/student-network.ts'
import { storeSyntheticDataset } from './synthetic-dataset.ts'

const logsOf = (posterior: number[]) => Float64Array.from(posterior, Math.log)

describe('the scores of one picture', () => {
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

  it('measures the distance to the mean of the class, which may be shorter than its pictures', () => {
    const means = new NearestClassMean(2, 2)
    // Class 0 points both ways along x: its mean is the origin, at distance 1 from any direction.
    means.add([1, 0], 0)
    means.add([-1, 0], 0)
    means.add([0, 1], 1)
    // (0.8, 0.6) is sqrt(0.8) = 0.894 from class 1, (1, 0) is sqrt(2).
    expect([classify(means, [4, 3]), classify(means, [1, 0])]).toEqual([1, 0])
  })

  it('never chooses a class without pictures', () => {
    const means = new NearestClassMean(3, 2)
    means.add([1, 0], 2)
    expect(classify(means, [0, 1])).toBe(2)
  })
})

describe('the tally of a classifier', () => {
  /** Three classes, four pictures of class 0, 0, 1 and 1, taken for 0, 1, 1 and 0. */
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
      // No picture is of class 2 or was taken for it: there is nothing to tell.
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
    peers.add([logsOf([0.75, 0.25]), logsOf([0.5, 0.5])], [0, 0])
    peers.add([logsOf([0.75, 0.25]), logsOf([0.25, 0.75])], [0, 1])
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
  const examinees = { program, students, betweenBatches: async () => {} }

  const { log } = Math
  const expected = [
    { top1: 3 / 5, loss: -(3 * log(0.75) + 2 * log(0.25)) / 5 },
    { top1: 1, loss: -log(0.9) },
  ]

  it('counts each student’s hits and averages its loss, without the padding of the last batch', async () => {
    const points = await scoreStudents(examinees, 2, splits.test)
    expect(points.map(({ student, name }) => `${student} ${name}`)).toEqual([
      '0 testTop1',
      '0 testLoss',
      '1 testTop1',
      '1 testLoss',
    ])
    for (const [k, { top1, loss }] of expected.entries()) {
      expect(points[2 * k]!.value).toBe(top1)
      expect(points[2 * k + 1]!.value).toBeCloseTo(loss, 6)
    }
  })

  it('tells the students, the mean posterior, the concatenated features and the peers', async () => {
    const suspects = new SuspectSearch(splits.train.labels)
    const evaluation = Evaluation.parse(await evaluateClasses(examinees, 2, splits, suspects))
    expect(evaluation.testCount).toBe(5)
    expect(evaluation.students).toMatchObject([
      {
        name: 'ada',
        top1: 3 / 5,
        top5: 1,
        confusion: [
          [0, 0, 3],
          [1, 0, 2],
        ],
      },
      {
        name: 'ben',
        top1: 1,
        classes: [
          { count: 3, precision: 1 },
          { count: 2, recall: 1 },
        ],
      },
    ])
    // (0.75 + 0.1) / 2 < (0.25 + 0.9) / 2: Ben's certainty wins.
    const { ensemble } = evaluation
    expect(ensemble).toMatchObject({
      meanPosteriorTop1: 1,
      concatenatedFeaturesTop1: 1,
      meanPosteriorTop5: 1,
    })
    expect(ensemble.meanPosteriorLoss).toBeCloseTo(-(3 * log(0.825) + 2 * log(0.575)) / 5, 6)
    expect(evaluation.peers!.disagreement[0]).toEqual([0, 2 / 5])
    const agreeing = 0.75 * log(0.75 / 0.9) + 0.25 * log(0.25 / 0.1)
    const differing = 0.75 * log(0.75 / 0.1) + 0.25 * log(0.25 / 0.9)
    expect(evaluation.peers!.divergence[0]![1]).toBeCloseTo((3 * agreeing + 2 * differing) / 5, 6)
  })
})

describe('against scikit-learn and SciPy', () => {
  interface Golden {
    classes: number
    labels: number[]
    logits: number[][][]
    trainLabels: number[]
    trainFeatures: number[][]
    features: number[][]
    students: (Record<string, number> & { classes: object[]; confusion: number[][] })[]
    meanPosterior: Record<string, number>
    concatenatedFeatures: { top1: number; top5: number }
    divergence: number[][]
    disagreement: number[][]
  }
  const golden: Golden = JSON.parse(
    readFileSync(new URL('../references/classification.json', import.meta.url), 'utf8'),
  )
  const { classes, labels } = golden
  const tallies = golden.logits.map(() => new ClassificationTally(classes))
  const meanPosterior = new ClassificationTally(classes)
  const peers = new PeerTally(tallies.length)
  for (const [i, label] of labels.entries()) {
    const posteriors = golden.logits.map((own) => logPosterior(Float32Array.from(own[i]!)))
    peers.add(
      posteriors,
      tallies.map((tally, k) => tally.add(posteriors[k]!, label)),
    )
    meanPosterior.add(logMeanPosterior(posteriors), label)
  }
  const expectScores = (tally: ClassificationTally, reference: Record<string, number>) => {
    for (const [name, value] of Object.entries(tally.scores())) {
      expect(Number.isFinite(reference[name]), name).toBe(true)
      expect(Math.abs(value - reference[name]!), name).toBeLessThan(1e-9)
    }
  }
  const expectNear = (actual: number[][], reference: number[][]) => {
    expect(actual.flat()).toHaveLength(reference.flat().length)
    for (const [i, value] of actual.flat().entries())
      expect(Math.abs(value - reference.flat()[i]!)).toBeLessThan(1e-9)
  }

  it('each student’s accuracies, loss, calibration and entropy are the same to 1e-9', () => {
    for (const [k, tally] of tallies.entries()) expectScores(tally, golden.students[k]!)
    expectScores(meanPosterior, golden.meanPosterior)
  })

  it('so are the confusion matrix, precision, recall and F1, undefined ones included', () => {
    for (const [k, tally] of tallies.entries()) {
      const dense = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
      for (const [label, taken, count] of tally.confusion()) dense[label]![taken] = count
      expect(dense).toEqual(golden.students[k]!.confusion)
      const near = (value: unknown) => (typeof value === 'number' ? Number(value.toFixed(9)) : value)
      const rounded = (scores: object[]) =>
        scores.map((score) => Object.fromEntries(Object.entries(score).map(([name, v]) => [name, near(v)])))
      expect(rounded(tally.classScores())).toEqual(rounded(golden.students[k]!.classes))
    }
  })

  it('so are the matrices of divergence and disagreement', () => {
    expectNear(peers.matrices().divergence, golden.divergence)
    expectNear(peers.matrices().disagreement, golden.disagreement)
  })

  it('so is the classification by the nearest class mean', () => {
    const means = new NearestClassMean(classes, golden.features[0]!.length)
    for (const [i, label] of golden.trainLabels.entries()) means.add(golden.trainFeatures[i]!, label)
    const ranks = labels.map((label, i) => rankOf(means.closeness(golden.features[i]!), label))
    const shareWithin = (limit: number) => ranks.filter((rank) => rank < limit).length / ranks.length
    expect(shareWithin(1)).toBeCloseTo(golden.concatenatedFeatures.top1, 9)
    expect(shareWithin(5)).toBeCloseTo(golden.concatenatedFeatures.top5, 9)
  })
})
