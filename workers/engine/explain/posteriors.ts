import type { ExplanationMeasure } from '../../../contract/runs/explanation.ts'
import type { Pictures } from '../batches/packed-split.ts'
import { type Examinees, predictions } from '../evaluation/predictions.ts'
import { argMax, logPosterior } from '../evaluation/scores.ts'
import { compareErrorCorrelations } from './error-correlation.ts'
import { RunningDifference } from './running-difference.ts'

/**
 * What the students' posteriors on the test images are like, beside their twins'.
 * @param examinees  the students, then their twins in the same order
 */
export async function explainPosteriors(
  examinees: Examinees,
  names: readonly string[],
  classes: number,
  test: Pictures,
): Promise<ExplanationMeasure[]> {
  const entropies = names.map(() => new RunningDifference())
  const runnersUp = names.map(() => new RunningDifference())
  const disagreement = new RunningDifference()
  const errors = examinees.students.map((): boolean[] => [])
  for await (const { label, logits } of predictions(examinees, classes, test)) {
    const posteriors = logits.map(logPosterior)
    const predicted = posteriors.map(argMax)
    for (const k of names.keys()) {
      const [own, alone] = [posteriors[k], posteriors[names.length + k]]
      if (!own || !alone) continue
      entropies[k]?.add(entropyOf(own), entropyOf(alone))
      runnersUp[k]?.add(runnerUpMassOf(own), runnerUpMassOf(alone))
    }
    const [own, alone] = [predicted.slice(0, names.length), predicted.slice(names.length)]
    for (const [k, answer] of predicted.entries()) errors[k]?.push(answer !== label)
    disagreement.add(shareUnequal(own), shareUnequal(alone))
  }
  const ofStudents = [
    ...names.flatMap((student, k) =>
      entropies[k]?.measure({ name: 'POSTERIOR_ENTROPY', student, level: null }),
    ),
    ...names.flatMap((student, k) => runnersUp[k]?.measure({ name: 'RUNNER_UP_MASS', student, level: null })),
  ].filter((one) => one !== undefined)
  if (names.length < 2) return ofStudents
  const correlation = compareErrorCorrelations(errors.slice(0, names.length), errors.slice(names.length))
  return [
    ...ofStudents,
    disagreement.measure({ name: 'DISAGREEMENT', student: null, level: null }),
    correlation?.measure({ name: 'ERROR_CORRELATION', student: null, level: null }) ?? [],
  ].flat()
}

/** Nats. */
function entropyOf(logPosteriors: Float64Array): number {
  return -logPosteriors.reduce(
    (sum, log) => sum + (log === Number.NEGATIVE_INFINITY ? 0 : Math.exp(log) * log),
    0,
  )
}

/** The posterior of the second most likely class. */
function runnerUpMassOf(logPosteriors: Float64Array): number {
  const best = argMax(logPosteriors)
  return Math.exp(Math.max(...logPosteriors.filter((_, c) => c !== best)))
}

/** Of all pairs, the share with different values; 0 where there is no pair. */
function shareUnequal(values: readonly number[]): number {
  const pairs = values.flatMap((one, j) => values.slice(j + 1).map((other) => one !== other))
  return pairs.length === 0 ? 0 : pairs.filter(Boolean).length / pairs.length
}
