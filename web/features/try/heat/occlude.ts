import type { TensorFlow } from '../networks/load-tensorflow.ts'
import { type Outputs, predictBatch, shapeOf } from '../networks/run-network.ts'
import type { ReadyNetwork } from '../networks/use-networks.ts'
import { paint } from './paint.ts'
import { describeRegions, type Region } from './regions.ts'

type Tensor = import('@tensorflow/tfjs').Tensor
type Tensor2D = import('@tensorflow/tfjs').Tensor2D
type Tensor4D = import('@tensorflow/tfjs').Tensor4D

/** Grey, for models that do not tell the mean of their training images. */
const HALF = 0.5
/** Of every batch, so that a graphics card compiles for one shape. */
const BATCH = { card: 32, processor: 8 }

/** What is measured of each copy: a number for each image of a batch. */
export type Score = (tf: TensorFlow, outputs: Outputs) => Tensor

export interface HeatMap {
  /** Of the whole image. */
  score: number
  /** The mean drop of the score over the patches that cover a pixel, row-major; below 0 where covering raises it. */
  drops: Float32Array
  height: number
  width: number
  /** Side of the patch, pixels. */
  patch: number
  /** The map as colours to lay over the image: RGBA, one byte each. */
  colours: Uint8ClampedArray<ArrayBuffer>
  /** The drop, or rise, that has the full colour. */
  scale: number
  /** The image in thirds, row by row: the mean drop in each. */
  regions: Region[]
}

export interface OcclusionOptions {
  /** Side of the patch, pixels. */
  patch: number
  score: Score
  signal: AbortSignal
  onProgress(done: number, total: number): void
}

/** Patches overlap by half, and lie over the border as well, so that the pixels there are covered as often. */
export function countPatches({ height, width }: { height: number; width: number }, patch: number): number {
  return startsOf(height, patch).length * startsOf(width, patch).length
}

/**
 * What a network looks at (Zeiler and Fergus 2014, section 4.2): a patch in the colour that the network takes for nothing,
 * the mean of its training images, slides over the image, and the score drops where it hides what matters.
 * @param pixels with the shape `shapeOf(file)`
 * @throws the signal's reason when aborted
 */
export async function occlude(
  tf: TensorFlow,
  { network, file }: ReadyNetwork,
  pixels: Uint8ClampedArray,
  { patch, score, signal, onProgress }: OcclusionOptions,
): Promise<HeatMap> {
  const { height, width, channels } = shapeOf(file)
  const total = countPatches({ height, width }, patch)
  const size = tf.getBackend().startsWith('web') ? BATCH.card : BATCH.processor
  const kept = tf.tidy(() => ({
    image: tf.tensor4d(Float32Array.from(pixels), [1, height, width, channels]),
    grey: tf.tensor4d(greyOf(file.means, channels), [1, 1, 1, channels]),
    rows: coverage(tf, height, patch),
    columns: coverage(tf, width, patch),
  }))
  try {
    const scores: number[] = []
    // The last row of both covers nothing: the whole image is one of the copies.
    for (let from = 0; from <= total; from += size) {
      // Keeps the page responsive, and lets it cancel.
      await new Promise((resolve) => setTimeout(resolve))
      signal.throwIfAborted()
      const batch = tf.tidy(() =>
        score(tf, predictBatch(tf, network, file, coveredCopies(tf, kept, from, size))),
      )
      scores.push(...(await batch.data()).slice(0, total + 1 - from))
      batch.dispose()
      onProgress(Math.min(total, from + size), total)
    }
    return await mapOf(tf, kept, scores, { height, width, patch })
  } finally {
    tf.dispose(kept)
  }
}

interface Kept {
  /** [1, height, width, channels] */
  image: Tensor4D
  grey: Tensor4D
  /** [starts + 1, height]: 1 where a patch that starts there covers a row; the last is empty. */
  rows: Tensor2D
  columns: Tensor2D
}

/** Copies `from`… of the image with a patch each; beyond the last one, the image as it is. */
function coveredCopies(tf: TensorFlow, { image, grey, rows, columns }: Kept, from: number, size: number) {
  const [down, across] = [rows.shape[0] - 1, columns.shape[0] - 1]
  const numbers = Array.from({ length: size }, (_, i) => from + i)
  const isPatch = (number: number) => number < down * across
  const indices = (of: (number: number) => number, none: number) =>
    tf.tensor1d(
      numbers.map((number) => (isPatch(number) ? of(number) : none)),
      'int32',
    )
  const row = tf.gather(
    rows,
    indices((number) => Math.floor(number / across), down),
  )
  const column = tf.gather(
    columns,
    indices((number) => number % across, across),
  )
  const covered = tf.mul(row.reshape([size, -1, 1, 1]), column.reshape([size, 1, -1, 1]))
  return tf.add(tf.mul(image, tf.sub(1, covered)), tf.mul(grey, covered)) as Tensor4D
}

/** What the scores of all patches, and of the whole image behind them, say of each pixel. */
async function mapOf(
  tf: TensorFlow,
  { rows, columns }: Kept,
  scores: number[],
  { height, width, patch }: { height: number; width: number; patch: number },
): Promise<HeatMap> {
  const whole = scores.at(-1) ?? 0
  const [down, across] = [rows.shape[0] - 1, columns.shape[0] - 1]
  const map = tf.tidy(() => {
    const drops = tf.sub(whole, tf.tensor2d(scores.slice(0, -1), [down, across])) as Tensor2D
    const spread = (values: Tensor2D) =>
      tf.matMul(tf.matMul(rows.slice([0, 0], [down, -1]), values, true), columns.slice([0, 0], [across, -1]))
    return tf.div(spread(drops), spread(tf.onesLike(drops)))
  })
  try {
    const drops = (await map.data()) as Float32Array
    const regions = await describeRegions(tf, map as Tensor2D)
    return { score: whole, drops, height, width, patch, regions, ...(await paint(tf, map as Tensor2D)) }
  } finally {
    map.dispose()
  }
}

function coverage(tf: TensorFlow, length: number, patch: number): Tensor2D {
  const starts = tf.tensor2d([...startsOf(length, patch), length], [startsOf(length, patch).length + 1, 1])
  const places = tf.range(0, length).reshape([1, length])
  const isCovered = tf.logicalAnd(tf.greaterEqual(places, starts), tf.less(places, tf.add(starts, patch)))
  return tf.cast(isCovered, 'float32') as Tensor2D
}

function startsOf(length: number, patch: number): number[] {
  const stride = Math.max(1, Math.floor(patch / 2))
  const first = stride - patch
  return Array.from({ length: Math.ceil((length - first) / stride) }, (_, i) => first + i * stride)
}

function greyOf(means: readonly number[] | undefined, channels: number): number[] {
  return Array.from({ length: channels }, (_, channel) => 255 * (means?.[channel] ?? HALF))
}
