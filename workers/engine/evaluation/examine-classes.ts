import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Evaluation } from '../../../contract/evaluation.ts'
import type { ClassificationDataset } from '../../../contract/packed/manifest.ts'
import { encodeTestAnswers } from '../../../contract/runs/test-answers.ts'
import type { TrainingEvent } from '../../../contract/training.ts'
import { PackedSplit, type Pictures, type RemoteShards, readNumberBlob } from '../batches/packed-split.ts'
import { AnswerSheet } from './answer-sheet.ts'
import { ClassHits } from './class-hits.ts'
import { ClassificationTally } from './classification-tally.ts'
import type { Examination, ScorePoint } from './examination.ts'
import { SuspectSearch } from './label-suspects.ts'
import { NearestClassMean } from './nearest-class-mean.ts'
import { PeerScores } from './peer-scores.ts'
import { PeerTally } from './peer-tally.ts'
import { type Examinees, predictions } from './predictions.ts'
import { logMeanPosterior, logPosterior, rankOf } from './scores.ts'

/** Written by `evaluate` to the order's output folder, in the format of contract/label-suspects.ts. */
export const SUSPECTS_FILE = 'label-suspects.json'
/** Likewise, of contract/runs/test-answers.ts. */
export const ANSWERS_FILE = 'test-answers.bin'

interface ClassificationOrder {
  dataset: ClassificationDataset
  blobPaths: Record<string, string>
  remote?: RemoteShards | undefined
  outputFolder: string
}

/**
 * The examination for CLASSIFICATION datasets.
 * @param train  the split that class means are computed from
 * @param reportsHits  whether the evaluation after a step reports the images recognized of each class
 */
export function openClassExamination(
  { dataset, blobPaths, remote, outputFolder }: ClassificationOrder,
  train: PackedSplit,
  {
    onEvent,
    reportsHits,
  }: { onEvent: (event: TrainingEvent) => void; reportsHits: (step: number) => boolean },
): Examination {
  if (dataset.splits.test.count === 0) throw new Error('the dataset has no test images to evaluate on')
  const test = PackedSplit.open(dataset, 'test', blobPaths, remote)
  const classes = dataset.classes.length
  return {
    async score(examinees, step) {
      const hits = reportsHits(step) ? new ClassHits(examinees.students.length, classes) : undefined
      const points = await scoreStudents(examinees, classes, { name: 'test', pictures: test }, hits)
      if (hits) onEvent(hits.report(step))
      return points
    },
    async evaluate(examinees) {
      // Read again, because label noise may have changed the labels in `train`.
      const labels = readNumberBlob(dataset.splits.train.labelsSha256, blobPaths, train.count)
      const notes = { suspects: new SuspectSearch(labels), answers: new AnswerSheet() }
      const evaluation = await evaluateClasses(examinees, classes, { train, test }, notes)
      const names = examinees.students.map(({ name }) => name)
      const suspectsPath = join(outputFolder, SUSPECTS_FILE)
      await writeFile(suspectsPath, `${JSON.stringify(notes.suspects.describe(names))}\n`)
      const answersPath = join(outputFolder, ANSWERS_FILE)
      await writeFile(answersPath, encodeTestAnswers(notes.answers.describe(names)))
      return { type: 'evaluation', evaluation, suspectsPath, answersPath }
    },
    close: () => test.close(),
  }
}

/**
 * Every student's accuracy and mean loss on a split, in this order; on the test images also what peers are to each other.
 * @param hits  receive every prediction
 */
export async function scoreStudents(
  examinees: Examinees,
  classes: number,
  { name, pictures }: { name: 'test' | 'validation'; pictures: Pictures },
  hits?: ClassHits,
): Promise<ScorePoint[]> {
  const tallies = examinees.students.map(() => new ClassificationTally(classes))
  const peers = name === 'test' && tallies.length > 1 ? new PeerScores(tallies.length) : undefined
  for await (const { label, logits } of predictions(examinees, classes, pictures)) {
    const posteriors = logits.map(logPosterior)
    const predicted = posteriors.map((own, k) => tallies[k]?.add(own, label) ?? -1)
    const together = peers?.add(posteriors, predicted, label)
    hits?.add(together === undefined ? predicted : [...predicted, together], label)
  }
  const scores = tallies.flatMap((tally, student): ScorePoint[] => {
    const { top1, loss } = tally.scores()
    return [
      { student, name: `${name}Top1`, value: top1 },
      { student, name: `${name}Loss`, value: loss },
    ]
  })
  return [...scores, ...(peers?.points() ?? [])]
}

/**
 * The full evaluation: each student, the mean posterior, and the concatenated features, whose class means
 * come from `train`.
 * @param notes receive the students' predictions for each image of `train`, and of `test`
 */
export async function evaluateClasses(
  examinees: Examinees,
  classes: number,
  { train, test }: { train: PackedSplit; test: PackedSplit },
  notes: { suspects: SuspectSearch; answers: AnswerSheet },
): Promise<Evaluation> {
  const means = await examineTraining(examinees, classes, train, notes.suspects)
  const students = examinees.students.map(({ name, architecture, parameters }) => ({
    identity: { name, architecture, parameters },
    tally: new ClassificationTally(classes),
  }))
  const meanPosterior = new ClassificationTally(classes)
  const features = { top1: 0, top5: 0 }
  const peers = new PeerTally(students.length)
  for await (const prediction of predictions(examinees, classes, test)) {
    const { label } = prediction
    const posteriors = prediction.logits.map(logPosterior)
    // biome-ignore lint/style/noNonNullAssertion: there is one posterior per student
    const predicted = students.map(({ tally }, k) => tally.add(posteriors[k]!, label))
    peers.add(posteriors, predicted, label)
    notes.answers.add(posteriors, predicted, label)
    meanPosterior.add(logMeanPosterior(posteriors), label)
    const rank = rankOf(means.closeness(prediction.features), label)
    if (rank < 1) features.top1++
    if (rank < 5) features.top5++
  }
  const ensemble = meanPosterior.scores()
  return {
    testCount: test.count,
    students: students.map(({ identity, tally }) => ({
      ...identity,
      ...tally.scores(),
      classes: tally.classScores(),
      confusion: tally.confusion(),
    })),
    ensemble: {
      meanPosteriorTop1: ensemble.top1,
      concatenatedFeaturesTop1: features.top1 / test.count,
      meanPosteriorTop5: ensemble.top5,
      meanPosteriorLoss: ensemble.loss,
      meanPosteriorCalibrationError: ensemble.calibrationError,
      concatenatedFeaturesTop5: features.top5 / test.count,
    },
    peers: peers.matrices(),
  }
}

/** Predicts each training image once, for both the class means and the label suspects. */
async function examineTraining(
  examinees: Examinees,
  classes: number,
  train: PackedSplit,
  suspects: SuspectSearch,
): Promise<NearestClassMean> {
  let means: NearestClassMean | undefined
  for await (const prediction of predictions(examinees, classes, train)) {
    const { label, features } = prediction
    suspects.add(prediction)
    means ??= new NearestClassMean(classes, features.length)
    means.add(features, label)
  }
  return means ?? new NearestClassMean(classes, 0)
}
