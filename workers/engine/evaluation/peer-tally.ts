// biome-ignore-all lint/style/noNonNullAssertion: j and k are student indices, and every array has an entry
// per student

import type { Evaluation } from '../../../contract/evaluation.ts'

/** Accumulates how much the students' predictions differ. */
export class PeerTally {
  private readonly students: number
  private count = 0
  private readonly divergence: Float64Array
  private readonly disagreement: Float64Array
  /** Number of images on which both are wrong; on the diagonal, on which the student is. */
  private readonly bothWrong: Float64Array

  constructor(students: number) {
    this.students = students
    this.divergence = new Float64Array(students ** 2)
    this.disagreement = new Float64Array(students ** 2)
    this.bothWrong = new Float64Array(students ** 2)
  }

  /**
   * @param logPosteriors one per student, for the same image
   * @param predicted each student's predicted class
   */
  add(logPosteriors: readonly Float64Array[], predicted: readonly number[], label: number): void {
    const { students, divergence, disagreement, bothWrong } = this
    this.count++
    for (let j = 0; j < students; j++) {
      for (let k = 0; k < students; k++) {
        const cell = j * students + k
        if (predicted[j] !== label && predicted[k] !== label) bothWrong[cell]!++
        if (j === k) continue
        divergence[cell]! += divergenceOf(logPosteriors[j]!, logPosteriors[k]!)
        if (predicted[j] !== predicted[k]) disagreement[cell]!++
      }
    }
  }

  /** Row j, column k: KL(p_j || p_k), disagreement, and error correlation. */
  matrices(): Required<NonNullable<Evaluation['peers']>> {
    return {
      divergence: this.meansOf(this.divergence),
      disagreement: this.meansOf(this.disagreement),
      errorCorrelation: this.meansOf(this.bothWrong).map((row, j, wrong) =>
        row.map((both, k) => correlationOf(both, wrong[j]![j]!, wrong[k]![k]!)),
      ),
    }
  }

  private meansOf(sums: Float64Array): number[][] {
    const { students, count } = this
    return Array.from({ length: students }, (_, j) =>
      Array.from(sums.subarray(j * students, (j + 1) * students), (sum) => sum / count),
    )
  }
}

/** KL(p || q), summed over classes, in nats. Negative values can only be rounding errors and are set to 0. */
function divergenceOf(logP: Float64Array, logQ: Float64Array): number {
  let sum = 0
  for (let c = 0; c < logP.length; c++)
    sum += Math.exp(logP[c] as number) * ((logP[c] as number) - (logQ[c] as number))
  return Math.max(0, sum)
}

/**
 * The correlation of two events (phi coefficient).
 * @param both  share of cases in which both happen; `one`, `other`: shares of each
 */
function correlationOf(both: number, one: number, other: number): number | null {
  const variances = one * (1 - one) * other * (1 - other)
  return variances > 0 ? (both - one * other) / Math.sqrt(variances) : null
}
