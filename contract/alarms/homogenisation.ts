import { LEAST_ERROR, percent } from '../runs/run-findings.ts'
import type { AlarmScene, Scores, Sight } from './scene.ts'

export const ALIKE_PATIENCE = { raiseAfter: 2, withdrawAfter: 2 }
/** Shares of what the cohort once had: of its disagreement, and of the ensemble's gain. */
const FALLEN_TO = 0.5
/** Disagreement as a share of the mean error: below the first students are too alike, from the second they differ. */
const ALIKE_BELOW = 0.5
const DIFFERENT_FROM = 0.6

/** Tells whether students become alike: the ensemble stops gaining over them while their disagreement falls. */
export class HomogenisationWatch {
  #mostDisagreement = 0
  #mostGain = 0

  see({ testCount }: AlarmScene, { step, top1, ensembleTop1, disagreement }: Scores): Sight | null {
    if (ensembleTop1 === undefined || disagreement === undefined || top1.size < 2) return null
    const mean = [...top1.values()].reduce((sum, share) => sum + share, 0) / top1.size
    const gain = ensembleTop1 - mean
    const before = { disagreement: this.#mostDisagreement, gain: this.#mostGain }
    this.#mostDisagreement = Math.max(disagreement, before.disagreement)
    this.#mostGain = Math.max(gain, before.gain)
    const perError = disagreement / (1 - mean)
    // Ensemble and students can differ only on images on which students do.
    const error = Math.sqrt(disagreement / testCount)
    const isFallen = disagreement < FALLEN_TO * before.disagreement && gain < FALLEN_TO * before.gain
    if (isFallen && gain < error && 1 - mean > LEAST_ERROR && perError < ALIKE_BELOW) {
      const message = `The students become alike: at step ${step} the ensemble gains ${points(gain)} over the average student (standard error ${points(error)}), after ${points(before.gain)} at most, while their disagreement fell from ${percent(before.disagreement)} to ${percent(disagreement)} of the test images.`
      return { look: 'BAD', message }
    }
    const differs = perError >= DIFFERENT_FROM || gain > 2 * error
    return { look: differs ? 'GOOD' : 'BETWEEN', message: '' }
  }
}

function points(share: number): string {
  return `${(100 * share).toFixed(1)} points`
}
