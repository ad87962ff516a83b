import type { ExplanationMeasure } from '../../../contract/runs/explanation.ts'

/** Means of a quantity of a student and of its twin, and how their differences vary. */
export class RunningDifference {
  #count = 0
  #own = 0
  #alone = 0
  #mean = 0
  #squares = 0

  add(own: number, alone: number): void {
    this.#count++
    this.#own += own
    this.#alone += alone
    // Welford's update, which does not lose small differences of large numbers.
    const difference = own - alone
    const before = difference - this.#mean
    this.#mean += before / this.#count
    this.#squares += before * (difference - this.#mean)
  }

  get count(): number {
    return this.#count
  }

  measure(identity: Pick<ExplanationMeasure, 'name' | 'student' | 'level'>): ExplanationMeasure {
    const count = this.#count
    const deviation = count > 1 ? Math.sqrt(this.#squares / (count - 1)) : 0
    const difference = { mean: this.#mean, deviation, count }
    return { ...identity, own: this.#own / count, alone: this.#alone / count, difference }
  }
}
