import type { ScorePoint } from './examination.ts'
import { argMax } from './scores.ts'

/**
 * What the students are to each other during training: the accuracy of their mean posterior, how often they disagree,
 * and how far each is from its peers. Costs as much as the students' posteriors, not as their pairs.
 */
export class PeerScores {
  readonly #divergence: Float64Array
  #ensembleHits = 0
  #disagreements = 0
  #count = 0

  constructor(students: number) {
    this.#divergence = new Float64Array(students)
  }

  /**
   * @param logPosteriors  one per student, for the same image
   * @param predicted  each student's predicted class
   * @returns the class that the ensemble predicts
   */
  add(
    logPosteriors: readonly Float64Array[],
    predicted: readonly number[],
    label: number,
  ): number | undefined {
    const posteriors = logPosteriors.map((own) => own.map(Math.exp))
    const sum = posteriors[0]?.map((_, c) => posteriors.reduce((total, own) => total + (own[c] ?? 0), 0))
    if (!sum) return undefined
    // Of student j: Σ p_j · log p_j, which every KL(p_j || p_k) begins with.
    const negativeEntropies = posteriors.map((own, j) => dot(own, logPosteriors[j]))
    const all = negativeEntropies.reduce((total, one) => total + one, 0)
    for (const [k, logs] of logPosteriors.entries()) {
      const own = posteriors[k]
      const ofPeers = all - (negativeEntropies[k] ?? 0)
      this.#divergence[k] = (this.#divergence[k] ?? 0) + ofPeers - dot(sum, logs) + dot(own, logs)
    }
    this.#count++
    const together = argMax(sum)
    if (together === label) this.#ensembleHits++
    this.#disagreements += shareOfUnequalPairs(predicted)
    return together
  }

  points(): ScorePoint[] {
    const count = this.#count
    const peers = this.#divergence.length - 1
    const divergences = Array.from(this.#divergence, (sum, student): ScorePoint => {
      // Negative values can only be rounding errors.
      return { student, name: 'testDivergence', value: Math.max(0, sum / count / peers) }
    })
    return [
      ...divergences,
      { student: null, name: 'testEnsembleTop1', value: this.#ensembleHits / count },
      { student: null, name: 'testDisagreement', value: this.#disagreements / count },
    ]
  }
}

function dot(one: Float64Array | undefined, other: Float64Array | undefined): number {
  let sum = 0
  // A posterior of exactly 0 adds nothing, and its logarithm would make that NaN.
  one?.forEach((value, c) => {
    if (value > 0) sum += value * (other?.[c] ?? 0)
  })
  return sum
}

/** Of all pairs of students, the share that predict different classes for an image. */
function shareOfUnequalPairs(predicted: readonly number[]): number {
  let unequal = 0
  for (const [j, one] of predicted.entries())
    for (const other of predicted.slice(j + 1)) if (one !== other) unequal++
  return unequal / ((predicted.length * (predicted.length - 1)) / 2)
}
