import type { TensorFlow } from '../networks/load-tensorflow.ts'

type Tensor2D = import('@tensorflow/tfjs').Tensor2D

export const ROWS = ['Upper', 'Middle', 'Lower'] as const
export const COLUMNS = ['left', 'middle', 'right'] as const

/** A ninth of an image. */
export interface Region {
  row: number
  column: number
  /** Mean over its pixels. */
  drop: number
}

/** The mean of a map over each third of its rows and columns, row by row. */
export async function describeRegions(tf: TensorFlow, map: Tensor2D): Promise<Region[]> {
  const [height, width] = map.shape
  const means = tf.tidy(() => tf.matMul(tf.matMul(thirds(tf, height), map), thirds(tf, width), false, true))
  try {
    const values = await means.data()
    return Array.from(values, (drop, i) => ({ row: Math.floor(i / 3), column: i % 3, drop }))
  } finally {
    means.dispose()
  }
}

/** [3, length]: each row the mean over a third; a pixel on the border between two counts for both, by its parts. */
function thirds(tf: TensorFlow, length: number): Tensor2D {
  const places = tf.range(0, length).reshape([1, length])
  const starts = tf.mul(tf.tensor2d([0, 1, 2], [3, 1]), length / 3)
  const upper = tf.minimum(tf.add(places, 1), tf.add(starts, length / 3))
  const shares = tf.relu(tf.sub(upper, tf.maximum(places, starts)))
  return tf.div(shares, length / 3) as Tensor2D
}

/** `the upper left`, `the centre`. */
export function nameRegion({ row, column }: Region): string {
  if (row === 1 && column === 1) return 'the centre'
  if (row === 1) return `the ${COLUMNS[column]}`
  const [vertical, horizontal] = [ROWS[row]?.toLowerCase(), COLUMNS[column]]
  return column === 1 ? `the ${vertical} middle` : `the ${vertical} ${horizontal}`
}
