import type { Evaluation } from '../../../contract/evaluation.ts'
import { evaluationBatches } from '../batches/evaluation-batches.ts'
import type { PackedSplit } from '../batches/packed-split.ts'
import { type CohortProgram, PREDICTION_BATCH } from '../cohort-program.ts'
import type { StudentNetwork } from '../students/student-network.ts'
import { argMax, crossEntropy, meanPosteriorClass, NearestClassMean, rowOf } from './scores.ts'

export interface StudentScore {
  top1: number
  /** Mean cross-entropy in nats. */
  loss: number
}

/** What the students say of one picture. */
interface PicturePrediction {
  label: number
  /** Of each student. */
  logits: Float32Array[]
  /** Of all students, side by side. */
  features: Float32Array
}

/** Called between two batches; it may throw to end the evaluation. */
export type BetweenBatches = () => Promise<void>

/** Every student's share of right answers and mean loss on a split. */
export async function scoreStudents(
  program: CohortProgram,
  students: number,
  classes: number,
  split: PackedSplit,
  betweenBatches: BetweenBatches,
): Promise<StudentScore[]> {
  const scores = Array.from({ length: students }, () => ({ hits: 0, loss: 0 }))
  for await (const { label, logits } of predictions(program, students, classes, split, betweenBatches)) {
    logits.forEach((own, k) => void addScore(scores[k]!, own, label))
  }
  return scores.map(({ hits, loss }) => ({ top1: hits / split.count, loss: loss / split.count }))
}

/** The whole evaluation: each student, the mean posterior, and the concatenated features, whose class means come from `train`. */
export async function evaluateCohort(
  program: CohortProgram,
  students: StudentNetwork[],
  classes: number,
  { train, test }: { train: PackedSplit; test: PackedSplit },
  betweenBatches: BetweenBatches,
): Promise<Evaluation> {
  let means: NearestClassMean | undefined
  for await (const { label, features } of predictions(
    program,
    students.length,
    classes,
    train,
    betweenBatches,
  )) {
    means ??= new NearestClassMean(classes, features.length)
    means.add(features, label)
  }
  const scores = students.map(() => ({ hits: 0, loss: 0 }))
  const ensemble = { meanPosterior: 0, concatenatedFeatures: 0 }
  for await (const { label, logits, features } of predictions(
    program,
    students.length,
    classes,
    test,
    betweenBatches,
  )) {
    logits.forEach((own, k) => void addScore(scores[k]!, own, label))
    if (meanPosteriorClass(logits) === label) ensemble.meanPosterior++
    if (means?.classify(features) === label) ensemble.concatenatedFeatures++
  }
  return {
    testCount: test.count,
    students: students.map(({ name, architecture, parameters }, k) => ({
      name,
      architecture,
      parameters,
      top1: scores[k]!.hits / test.count,
      loss: scores[k]!.loss / test.count,
    })),
    ensemble: {
      meanPosteriorTop1: ensemble.meanPosterior / test.count,
      concatenatedFeaturesTop1: ensemble.concatenatedFeatures / test.count,
    },
  }
}

function addScore(score: { hits: number; loss: number }, logits: Float32Array, label: number): void {
  if (argMax(logits) === label) score.hits++
  score.loss += crossEntropy(logits, label)
}

async function* predictions(
  program: CohortProgram,
  students: number,
  classes: number,
  split: PackedSplit,
  betweenBatches: BetweenBatches,
): AsyncGenerator<PicturePrediction> {
  for await (const { pictures, labels, count } of evaluationBatches(split, PREDICTION_BATCH)) {
    await betweenBatches()
    const { logits, features } = program.predict(pictures)
    const width = features.length / PREDICTION_BATCH
    for (let i = 0; i < count; i++) {
      yield {
        label: labels[i] as number,
        logits: Array.from({ length: students }, (_, k) => rowOf(logits, k * PREDICTION_BATCH + i, classes)),
        features: rowOf(features, i, width),
      }
    }
  }
}
