const BUCKETS = 60_000

/** Counts milliseconds, one bucket each; what is longer than a minute counts as a minute. */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS + 1)
  #total = 0

  add(ms: number): void {
    this.#counts[Math.min(BUCKETS, Math.max(0, Math.ceil(ms)))]!++
    this.#total++
  }

  get total(): number {
    return this.#total
  }

  /** The smallest bucket at or below which this part of all lies; null where nothing was counted. */
  quantile(part: number): number | null {
    let seen = 0
    for (let ms = 0; ms <= BUCKETS; ms++) {
      seen += this.#counts[ms]!
      if (this.#total > 0 && seen >= part * this.#total) return ms
    }
    return null
  }
}
