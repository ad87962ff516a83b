import type { ExplanationMeasure } from '../../../contract/runs/explanation.ts'
import type { Pictures } from '../batches/packed-split.ts'
import { type Examinees, predictions } from '../evaluation/predictions.ts'
import { logPosterior } from '../evaluation/scores.ts'
import { RunningDifference } from './running-difference.ts'

/**
 * What students believe of training images whose labels label noise had replaced: the wrong label that they were taught,
 * or the true one, which they never saw. Nothing where no label was replaced.
 * @param pictures  with the labels that were taught  @param trueLabels  of the same images
 * @param examinees  the students, then their twins in the same order
 */
export async function explainWrongLabels(
  examinees: Examinees,
  names: readonly string[],
  classes: number,
  pictures: Pictures,
  trueLabels: Int32Array,
): Promise<ExplanationMeasure[]> {
  if (pictures.labels.every((label, i) => label === trueLabels[i])) return []
  const wrong = names.map(() => new RunningDifference())
  const right = names.map(() => new RunningDifference())
  for await (const { index, label, logits } of predictions(examinees, classes, pictures)) {
    const truth = trueLabels[index] ?? label
    if (truth === label) continue
    const posteriors = logits.map(logPosterior)
    const mass = (k: number, of: number) => Math.exp(posteriors[k]?.[of] ?? Number.NEGATIVE_INFINITY)
    for (const k of names.keys()) {
      wrong[k]?.add(mass(k, label), mass(names.length + k, label))
      right[k]?.add(mass(k, truth), mass(names.length + k, truth))
    }
  }
  return [
    ...names.flatMap((student, k) => wrong[k]?.measure({ name: 'WRONG_LABEL_MASS', student, level: null })),
    ...names.flatMap((student, k) => right[k]?.measure({ name: 'TRUE_LABEL_MASS', student, level: null })),
  ].filter((one) => one !== undefined)
}
