import { unitVector } from './scores.ts'

/** Classifies unit-length features by the nearest class mean. */
export class NearestClassMean {
  private readonly sums: Float64Array[]
  private readonly counts: number[]

  constructor(classes: number, width: number) {
    this.sums = Array.from({ length: classes }, () => new Float64Array(width))
    this.counts = new Array<number>(classes).fill(0)
  }

  /** Adds a training image to its class's mean. */
  add(feature: ArrayLike<number>, label: number): void {
    const sum = this.sums[label] as Float64Array
    const unit = unitVector(feature)
    for (let i = 0; i < unit.length; i++) sum[i] = (sum[i] as number) + (unit[i] as number)
    this.counts[label] = (this.counts[label] as number) + 1
  }

  /** Negative squared distance to each class's mean; negative infinity for a class without images. */
  closeness(feature: ArrayLike<number>): Float64Array {
    const point = unitVector(feature)
    return Float64Array.from(this.sums, (sum, label) => {
      const count = this.counts[label] as number
      if (count === 0) return Number.NEGATIVE_INFINITY
      let distance = 0
      for (let i = 0; i < sum.length; i++)
        distance += ((point[i] as number) - (sum[i] as number) / count) ** 2
      return -distance
    })
  }
}
