/**
 * Time constant of the smoothing: long enough to be steady, short enough to follow a machine that gets busy.
 */
const MEMORY_SECONDS = 30

/**
 * Estimates the remaining time from an exponentially smoothed step rate, which includes evaluations between
 * steps.
 */
export class RemainingTime {
  #step: number | undefined
  #atMs = 0
  #secondsPerStep: number | undefined

  /** @returns seconds, or null before the second update */
  update(step: number, steps: number, nowMs = performance.now()): number | null {
    if (this.#step !== undefined && step > this.#step) {
      const elapsed = (nowMs - this.#atMs) / 1000
      const latest = elapsed / (step - this.#step)
      const kept = Math.exp(-elapsed / MEMORY_SECONDS)
      this.#secondsPerStep =
        this.#secondsPerStep === undefined ? latest : kept * this.#secondsPerStep + (1 - kept) * latest
    }
    if (this.#step === undefined || step > this.#step) {
      this.#step = step
      this.#atMs = nowMs
    }
    return this.#secondsPerStep === undefined ? null : Math.max(0, steps - step) * this.#secondsPerStep
  }
}
