// biome-ignore-all lint/style/noNonNullAssertion: there is a count for every channel and byte value

/** As many fit into the 32 bits in which they are counted, which is faster than in 64. */
const MAX_COUNTED_BYTES = 2 ** 32 - 1

/** Counts of every byte value in every channel: exact, so the order of images cannot change the result. */
export class ChannelStatistics {
  readonly #channels: number
  readonly #counts: Float64Array[]
  readonly #recent: Uint32Array[]
  #recentBytes = 0

  constructor(channels: 1 | 3) {
    this.#channels = channels
    this.#counts = Array.from({ length: channels }, () => new Float64Array(256))
    this.#recent = Array.from({ length: channels }, () => new Uint32Array(256))
  }

  /** @param pixels  uint8, HWC */
  add(pixels: Uint8Array): void {
    if (this.#recentBytes + pixels.length > MAX_COUNTED_BYTES) this.#addRecent()
    this.#recentBytes += pixels.length
    const channels = this.#channels
    for (let channel = 0; channel < channels; channel++) {
      const counts = this.#recent[channel]!
      for (let i = channel; i < pixels.length; i += channels) counts[pixels[i]!]!++
    }
  }

  /** Mean and population deviation of each channel, of values scaled to 0..1. */
  summarize(): { means: number[]; deviations: number[] } {
    this.#addRecent()
    const summaries = this.#counts.map(summarizeCounts)
    return {
      means: summaries.map(({ mean }) => mean),
      deviations: summaries.map(({ deviation }) => deviation),
    }
  }

  #addRecent(): void {
    for (const [channel, recent] of this.#recent.entries()) {
      const counts = this.#counts[channel]!
      for (let value = 0; value < 256; value++) counts[value]! += recent[value]!
      recent.fill(0)
    }
    this.#recentBytes = 0
  }
}

function summarizeCounts(counts: Float64Array): { mean: number; deviation: number } {
  let total = 0
  let sum = 0
  let squares = 0
  for (let value = 0; value < 256; value++) {
    total += counts[value]!
    sum += counts[value]! * value
    squares += counts[value]! * value * value
  }
  const mean = sum / total
  return { mean: mean / 255, deviation: Math.sqrt(Math.max(0, squares / total - mean * mean)) / 255 }
}
