import type { ExplanationMeasure } from '../../../contract/runs/explanation.ts'
import type { Pictures } from '../batches/packed-split.ts'
import { type Examinees, predictions } from '../evaluation/predictions.ts'
import { logPosterior } from '../evaluation/scores.ts'
import { RunningDifference } from './running-difference.ts'
import { type NoiseKind, type NoisyWeight, withNoise } from './weight-noise.ts'

export const DRAWS = 5
const STRENGTHS: readonly (readonly [NoiseKind, readonly number[]])[] = [
  ['PLAIN', [0.01, 0.03]],
  ['FILTER', [0.1, 0.2]],
]
/** How often the students are examined under noise. */
export const NOISE_RUNS = DRAWS * STRENGTHS.reduce((sum, [, strengths]) => sum + strengths.length, 0)

/**
 * How much the training loss rises under noise on the weights: less around a flat minimum. A student and its twin get
 * the same noise.
 * @param examinees  the students, then their twins in the same order
 * @param onDone  called after each of `NOISE_RUNS`
 */
export async function explainByNoise(
  examinees: Examinees,
  names: readonly string[],
  classes: number,
  pictures: Pictures,
  onDone: () => void,
): Promise<ExplanationMeasure[]> {
  const { program, students } = examinees
  const trained = program.readTrainedWeights()
  // Shapes are still known after the tensors are gone.
  const weights = students.map(({ name, weights: own }) => ({
    name,
    noisy: own
      .filter(({ trainable }) => trainable)
      .map(({ name: weight, variable: { shape } }) => ({ name: weight, shape })),
  }))
  const before = await meanLosses(examinees, classes, pictures)
  const measures: ExplanationMeasure[] = []
  for (const [kind, strengths] of STRENGTHS)
    for (const level of strengths) {
      const rises = names.map(() => new RunningDifference())
      for (let draw = 0; draw < DRAWS; draw++) {
        program.writeTrainedWeights(allWithNoise(trained, weights, kind, level, draw))
        const after = await meanLosses(examinees, classes, pictures)
        const rise = after.map((loss, k) => loss - (before[k] ?? 0))
        for (const [k, one] of rises.entries()) one.add(rise[k] ?? 0, rise[names.length + k] ?? 0)
        onDone()
      }
      const measured = rises.map((one, k) =>
        one.measure({ name: `LOSS_RISE_${kind}`, student: names[k] ?? null, level }),
      )
      // Deep networks can overflow under noise; there is no difference to tell then.
      measures.push(...measured.filter(({ difference }) => Number.isFinite(difference?.mean)))
    }
  program.writeTrainedWeights(trained)
  return measures
}

function allWithNoise(
  trained: ReadonlyMap<string, Float32Array>,
  students: readonly { name: string; noisy: NoisyWeight[] }[],
  kind: NoiseKind,
  level: number,
  draw: number,
): Map<string, Float32Array> {
  const noisy = new Map(trained)
  for (const { name, noisy: weights } of students)
    for (const weight of weights) {
      const key = `${name}/${weight.name}`
      const values = trained.get(key)
      if (values) noisy.set(key, withNoise(values, weight, kind, level, draw))
    }
  return noisy
}

/** Mean cross-entropy of each student, nats. */
async function meanLosses(examinees: Examinees, classes: number, pictures: Pictures): Promise<number[]> {
  const sums = examinees.students.map(() => 0)
  for await (const { label, logits } of predictions(examinees, classes, pictures))
    for (const [k, own] of logits.entries()) sums[k] = (sums[k] ?? 0) - (logPosterior(own)[label] ?? 0)
  return sums.map((sum) => sum / pictures.count)
}
