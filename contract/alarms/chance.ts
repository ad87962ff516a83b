import { percent, SIGNIFICANT_ERRORS, standardError } from '../runs/run-findings.ts'
import type { AlarmScene, Scores, Sight } from './scene.ts'

export const CHANCE_PATIENCE = { raiseAfter: 2, withdrawAfter: 1 }
/** A student that has never been better than chance gets this many evaluations before it looks bad. */
const FIRST_EVALUATIONS = 2

/** Tells whether a student has collapsed to chance, or never left it. */
export class ChanceWatch {
  readonly #student: string
  #best: { top1: number; step: number } | undefined
  #seen = 0

  constructor(student: string) {
    this.#student = student
  }

  see({ chance, testCount }: AlarmScene, top1: number, { step }: Pick<Scores, 'step'>): Sight {
    this.#seen++
    const always = `${percent(chance)} would be by always answering the most frequent class`
    if (top1 > chance + SIGNIFICANT_ERRORS * standardError(chance, testCount)) {
      if (!this.#best || top1 > this.#best.top1) this.#best = { top1, step }
      return { look: 'GOOD', message: '' }
    }
    const now = `${percent(top1)} of the ${testCount} test images are right at step ${step}`
    if (this.#best) {
      const { top1: before, step: when } = this.#best
      const message = `${this.#student} collapsed to chance: ${now}, after ${percent(before)} at step ${when}, and ${always}.`
      return { look: 'BAD', message }
    }
    const message = `${this.#student} has not left chance: ${now}, after ${this.#seen} evaluations, and ${always}.`
    return { look: this.#seen < FIRST_EVALUATIONS ? 'BETWEEN' : 'BAD', message }
  }
}
