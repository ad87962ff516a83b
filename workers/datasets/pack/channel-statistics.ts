// biome-ignore-all lint/style/noNonNullAssertion: there is a count for every channel and byte value

/** Counts of every byte value in every channel: exact, so the order of images cannot change the result. */
export class ChannelStatistics {
  readonly #channels: number
  readonly #counts: Float64Array[]

  constructor(channels: 1 | 3) {
    this.#channels = channels
    this.#counts = Array.from({ length: channels }, () => new Float64Array(256))
  }

  /** @param pixels  uint8, HWC */
  add(pixels: Uint8Array): void {
    const channels = this.#channels
    for (let channel = 0; channel < channels; channel++) {
      const counts = this.#counts[channel]!
      for (let i = channel; i < pixels.length; i += channels) counts[pixels[i]!]!++
    }
  }

  /** Mean and population deviation of each channel, of values scaled to 0..1. */
  summarize(): { means: number[]; deviations: number[] } {
    const summaries = this.#counts.map(summarizeCounts)
    return {
      means: summaries.map(({ mean }) => mean),
      deviations: summaries.map(({ deviation }) => deviation),
    }
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
