/** Scores of one image's predictions, computed in double precision without TensorFlow. */

/** One row of a row-major matrix. */
export function rowOf(matrix: Float32Array, row: number, width: number): Float32Array {
  return matrix.subarray(row * width, (row + 1) * width)
}

/** Index of the largest value; ties go to the first. */
export function argMax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i
  return best
}

/** How many values precede this one in descending order; ties are ordered by index. */
export function rankOf(values: ArrayLike<number>, index: number): number {
  const own = values[index] as number
  let before = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (value > own || (value === own && i < index)) before++
  }
  return before
}

/**
 * log softmax(logits), stable for large logits. The negated entry of a label is its cross-entropy in nats.
 */
export function logPosterior(logits: ArrayLike<number>): Float64Array {
  const largest = largestOf(logits)
  const logSum = logSumExp(logits, largest)
  return Float64Array.from(logits, (logit) => logit - largest - logSum)
}

/** The logarithm of the mean of the members' posteriors. @param members their log posteriors */
export function logMeanPosterior(members: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: members[0]?.length ?? 0 }, (_, c) => {
    const logarithms = members.map((member) => member[c] as number)
    const largest = largestOf(logarithms)
    return largest + logSumExp(logarithms, largest) - Math.log(members.length)
  })
}

function largestOf(values: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i] as number)
  return largest
}

/** log of the sum of exp(value - largest); subtracting the largest value prevents overflow. */
function logSumExp(values: ArrayLike<number>, largest: number): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += Math.exp((values[i] as number) - largest)
  return Math.log(sum)
}

/** Scales a vector to unit length; the zero vector stays as it is. */
export function unitVector(vector: ArrayLike<number>): Float64Array {
  const length = lengthOf(vector) || 1
  return Float64Array.from(vector, (value) => value / length)
}

/** Euclidean length. */
export function lengthOf(vector: ArrayLike<number>): number {
  let squares = 0
  for (let i = 0; i < vector.length; i++) squares += (vector[i] as number) ** 2
  return Math.sqrt(squares)
}
