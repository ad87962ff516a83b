/** How far back the rate remembers: long enough to be steady, short enough to follow a machine that gets busy. */
const MEMORY_SECONDS = 30

/** Estimates how long a training still takes, from a smoothed rate of its steps, evaluations in between included. */
export class RemainingTime {
  #step: number | undefined
  #atMs = 0
  #secondsPerStep: number | undefined

  /** @returns seconds, or null before the second report */
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
