import { unitVector } from '../../evaluation/scores.ts'

/** The cosine of the angle between an image's features before and after, over images. */
export class FeatureSimilarity {
  private sum = 0
  private count = 0
  private least = 1

  add(before: ArrayLike<number>, after: ArrayLike<number>): void {
    const [a, b] = [unitVector(before), unitVector(after)]
    const cosine = a.reduce((total, value, i) => total + value * (b[i] as number), 0)
    this.sum += cosine
    this.count++
    this.least = Math.min(this.least, cosine)
  }

  result(): { mean: number; least: number } {
    return { mean: this.sum / this.count, least: this.least }
  }
}
