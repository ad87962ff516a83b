import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Evaluation } from '../../../../contract/evaluation.ts'
import type { TrainingOrder } from '../../../../contract/training.ts'
import { PackedSplit } from '../../../../workers/engine/batches/packed-split.ts'
import type { CohortProgram } from '../../../../workers/engine/cohort-program.ts'
import { AnswerSheet } from '../../../../workers/engine/evaluation/answer-sheet.ts'
import { ClassHits, reportsClassHits } from '../../../../workers/engine/evaluation/class-hits.ts'
import { ClassificationTally } from '../../../../workers/engine/evaluation/classification-tally.ts'
import { evaluateClasses, scoreStudents } from '../../../../workers/engine/evaluation/examine-classes.ts'
import { SuspectSearch } from '../../../../workers/engine/evaluation/label-suspects.ts'
import { NearestClassMean } from '../../../../workers/engine/evaluation/nearest-class-mean.ts'
import { PeerTally } from '../../../../workers/engine/evaluation/peer-tally.ts'
import { logMeanPosterior, logPosterior, rankOf } from '../../../../workers/engine/evaluation/scores.ts'
import type { StudentNetwork } from '../../../../workers/engine/students/student-network.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

describe('the evaluation of a cohort', () => {
  // 5 test images with the labels 0 1 0 1 0, and 20 training images.
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
    const points = await scoreStudents(examinees, 2, { name: 'test', pictures: splits.test })
    expect(points.map(({ student, name }) => `${student} ${name}`)).toEqual([
      '0 testTop1',
      '0 testLoss',
      '1 testTop1',
      '1 testLoss',
      '0 testDivergence',
      '1 testDivergence',
      'null testEnsembleTop1',
      'null testDisagreement',
    ])
    for (const [k, { top1, loss }] of expected.entries()) {
      expect(points[2 * k]!.value).toBe(top1)
      expect(points[2 * k + 1]!.value).toBeCloseTo(loss, 6)
    }
  })

  it('tells during training what the final evaluation tells of the peers', async () => {
    const points = await scoreStudents(examinees, 2, { name: 'test', pictures: splits.test })
    const value = (wanted: string) =>
      points.find(({ student, name }) => `${student} ${name}` === wanted)!.value
    const suspects = new SuspectSearch(splits.train.labels)
    const notes = { suspects, answers: new AnswerSheet() }
    const { peers, ensemble } = await evaluateClasses(examinees, 2, splits, notes)
    // Ada's only peer is Ben, and the other way round.
    expect(value('0 testDivergence')).toBeCloseTo(peers!.divergence[1]![0]!, 12)
    expect(value('1 testDivergence')).toBeCloseTo(peers!.divergence[0]![1]!, 12)
    expect(value('null testDisagreement')).toBeCloseTo(peers!.disagreement[0]![1]!, 12)
    expect(value('null testEnsembleTop1')).toBe(ensemble.meanPosteriorTop1)
    const ofOthers = await scoreStudents(examinees, 2, { name: 'validation', pictures: splits.test })
    expect(ofOthers.map(({ name }) => name)).not.toContain('testDivergence')
  })

  it('counts the images of each class that a student and the ensemble recognize', async () => {
    const hits = new ClassHits(2, 2)
    await scoreStudents(examinees, 2, { name: 'test', pictures: splits.test }, hits)
    const ben = [3, 2]
    // Together they are as sure as Ben of what he sees: (0.25 + 0.9) / 2 for class 1.
    expect(hits.report(7)).toMatchObject({ step: 7, students: [[3, 0], ben], ensemble: ben })
    expect(new ClassHits(1, 2).report(1)).toMatchObject({ students: [[0, 0]], ensemble: null })
  })

  it.each([
    [{ epochs: 6, every: 2, classes: 10 }, [2, 4, 6]],
    // Of 500 evaluations, every third and the last.
    [{ epochs: 500, every: 1, classes: 10 }, [...Array.from({ length: 166 }, (_, i) => 3 * i + 3), 500]],
    // Three times 100,000 counts each.
    [{ epochs: 30, every: 1, classes: 100_000 }, [6, 12, 18, 24, 30]],
  ])(
    'reports the hits of evaluations evenly, and of the last, of %o',
    ({ epochs, every, classes }, expected) => {
      const order = {
        cohort: { teaching: { method: 'MUTUAL' }, students: [{}, {}] },
        recipe: { epochs, evaluateEveryEpochs: every, batchSize: 10 },
        dataset: { classes: { length: classes } },
      } as unknown as TrainingOrder
      const reports = reportsClassHits(order, 50)
      const evaluated = Array.from({ length: epochs / every }, (_, i) => (i + 1) * every)
      expect(evaluated.filter((epoch) => reports(5 * epoch))).toEqual(expected)
    },
  )

  it('tells the students, the mean posterior, the concatenated features and the peers', async () => {
    const suspects = new SuspectSearch(splits.train.labels)
    const answers = new AnswerSheet()
    const evaluation = Evaluation.parse(await evaluateClasses(examinees, 2, splits, { suspects, answers }))
    const sheet = answers.describe(['ada', 'ben'])
    expect(Array.from(sheet.labels)).toEqual(Array.from(splits.test.labels))
    // Ada says class 0 to every image, by 3 to 1; Ben is right each time.
    expect(Array.from(sheet.answers)).toEqual(Array.from(sheet.labels).flatMap((label) => [0, label]))
    expect(sheet.confidences[0]).toBeCloseTo(0.75, 6)
    expect(sheet.losses[1]).toBeCloseTo(-Math.log(0.9), 6)
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
    errorCorrelation: number[][]
  }
  const golden: Golden = JSON.parse(
    readFileSync(new URL('../../../references/classification.json', import.meta.url), 'utf8'),
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
      label,
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

  it('so are the matrices of divergence, of disagreement and of how errors correlate', () => {
    expectNear(peers.matrices().divergence, golden.divergence)
    expectNear(peers.matrices().disagreement, golden.disagreement)
    expectNear(peers.matrices().errorCorrelation as number[][], golden.errorCorrelation)
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
