/** What predictions say, counted in plain numbers: no TensorFlow here. */

/** One row of a row-major matrix. */
export function rowOf(matrix: Float32Array, row: number, width: number): Float32Array {
  return matrix.subarray(row * width, (row + 1) * width)
}

/** Index of the largest value; of equal ones the first. */
export function argMax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i
  return best
}

/** Posterior of each class, in double precision and safe for large logits. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) largest = Math.max(largest, logits[i] as number)
  const exponentials = Float64Array.from(logits, (logit) => Math.exp(logit - largest))
  const sum = exponentials.reduce((total, value) => total + value, 0)
  return exponentials.map((value) => value / sum)
}

/** -log softmax(logits)[label], in nats. */
export function crossEntropy(logits: ArrayLike<number>, label: number): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) largest = Math.max(largest, logits[i] as number)
  let sum = 0
  for (let i = 0; i < logits.length; i++) sum += Math.exp((logits[i] as number) - largest)
  return Math.log(sum) + largest - (logits[label] as number)
}

/** The class with the highest mean of the members' posteriors. */
export function meanPosteriorClass(membersLogits: ArrayLike<number>[]): number {
  const posteriors = membersLogits.map(softmax)
  const classes = posteriors[0]?.length ?? 0
  const sums = Array.from({ length: classes }, (_, c) =>
    posteriors.reduce((sum, posterior) => sum + (posterior[c] as number), 0),
  )
  return argMax(sums)
}

/** A vector scaled to length 1; the zero vector stays as it is. */
export function unitVector(vector: ArrayLike<number>): Float64Array {
  let squares = 0
  for (let i = 0; i < vector.length; i++) squares += (vector[i] as number) ** 2
  const length = Math.sqrt(squares) || 1
  return Float64Array.from(vector, (value) => value / length)
}

/** Classifies by the nearest class mean among features of length 1. */
export class NearestClassMean {
  private readonly sums: Float64Array[]
  private readonly counts: number[]

  constructor(classes: number, width: number) {
    this.sums = Array.from({ length: classes }, () => new Float64Array(width))
    this.counts = new Array<number>(classes).fill(0)
  }

  /** Adds one training picture to its class's mean. */
  add(feature: ArrayLike<number>, label: number): void {
    const sum = this.sums[label] as Float64Array
    const unit = unitVector(feature)
    for (let i = 0; i < unit.length; i++) sum[i] = (sum[i] as number) + (unit[i] as number)
    this.counts[label] = (this.counts[label] as number) + 1
  }

  /** The class whose mean is nearest; classes without pictures are never chosen. */
  classify(feature: ArrayLike<number>): number {
    const point = unitVector(feature)
    const closeness = this.sums.map((sum, label) => {
      const count = this.counts[label] as number
      if (count === 0) return Number.NEGATIVE_INFINITY
      return -sum.reduce((distance, value, i) => distance + ((point[i] as number) - value / count) ** 2, 0)
    })
    return argMax(closeness)
  }
}
