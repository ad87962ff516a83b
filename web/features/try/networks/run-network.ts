import { resamplingShares } from '../../../../contract/resampling.ts'
import type { PictureShape } from '../picture/resize-and-crop.ts'
import type { Network, TensorFlow } from './load-tensorflow.ts'
import type { ModelFile } from './read-model.ts'

type Tensor = import('@tensorflow/tfjs').Tensor
type Tensor4D = import('@tensorflow/tfjs').Tensor4D

const WARM_UPS = 2
const RUNS = 10
/** If ten runs would take longer than this, fewer are measured. */
const BUDGET_MS = 8_000
const MIN_RUNS = 3

/** Time for one image, from its pixels to the posterior in JavaScript. */
export interface Latency {
  medianMs: number
  runs: number
}

/** The shape that images are resized to for this model. */
export function shapeOf({ pictures, input, preparation }: ModelFile): PictureShape {
  return { ...pictures, channels: input.channels, preparation }
}

/**
 * The posterior for one image, in the order of the model's classes.
 * @param pixels with the shape `shapeOf(file)`, 0..255; the model includes the normalisation
 */
export async function runNetwork(
  tf: TensorFlow,
  network: Network,
  file: ModelFile,
  pixels: Uint8ClampedArray,
): Promise<Float32Array> {
  const posterior = tf.tidy(() => outputsOf(tf, network, file, [pixels]).posterior)
  try {
    return (await posterior.data()) as Float32Array
  } finally {
    posterior.dispose()
  }
}

/**
 * The features of images, the first output of a retrieval model, by whose distance images are compared.
 * @param images each with the shape `shapeOf(file)`, 0..255
 * @returns row-major [images, features]
 */
export async function computeFeatures(
  tf: TensorFlow,
  network: Network,
  file: ModelFile,
  pictures: Uint8ClampedArray[],
): Promise<Float32Array> {
  const features = tf.tidy(() => outputsOf(tf, network, file, pictures).features)
  try {
    return (await features.data()) as Float32Array
  } finally {
    features.dispose()
  }
}

/** Must be called inside `tidy`. */
function outputsOf(tf: TensorFlow, network: Network, file: ModelFile, pictures: Uint8ClampedArray[]) {
  const { height, width, channels } = shapeOf(file)
  const size = height * width * channels
  const values = new Float32Array(pictures.length * size)
  for (const [i, pixels] of pictures.entries()) values.set(pixels, i * size)
  return predictBatch(tf, network, file, tf.tensor4d(values, [pictures.length, height, width, channels]))
}

/** What a network says of a batch of images. */
export interface Outputs {
  /** [batch, features] */
  features: Tensor
  /** [batch, classes] */
  posterior: Tensor
}

/** Must be called inside `tidy`. @param batch images with the shape `shapeOf(file)`, 0..255 */
export function predictBatch(tf: TensorFlow, network: Network, file: ModelFile, batch: Tensor4D): Outputs {
  const outputs = [network.predict(stretch(tf, batch, file))].flat()
  const [features, posterior] = [outputs.at(0), outputs.at(-1)]
  if (!features || !posterior) throw new Error('the model has no output')
  return { features, posterior }
}

/** As in training: bilinear, with half-pixel centres, and antialiased where it shrinks. */
function stretch(tf: TensorFlow, batch: Tensor4D, { pictures, input }: ModelFile): Tensor4D {
  if (pictures.height === input.height && pictures.width === input.width) return batch
  const resample = (values: Tensor, length: number, wanted: number) => {
    const shares = tf.tensor2d(resamplingShares(length, wanted), [wanted, length])
    const resampled = tf.matMul(values.reshape([-1, length]) as typeof shares, shares, false, true)
    return resampled.reshape([...values.shape.slice(0, -1), wanted])
  }
  const columns = resample(tf.transpose(batch, [0, 1, 3, 2]), pictures.width, input.width)
  const rows = resample(tf.transpose(columns, [0, 3, 2, 1]), pictures.height, input.height)
  return tf.transpose(rows, [0, 3, 1, 2]) as Tensor4D
}

/** The ensemble's prediction, defined as the mean of its students' posteriors. */
export function meanPosterior(posteriors: Float32Array[]): Float32Array {
  const sum = new Float32Array(posteriors[0]?.length ?? 0)
  for (const posterior of posteriors)
    for (const [i, share] of posterior.entries()) sum[i] = (sum[i] ?? 0) + share
  return sum.map((share) => share / posteriors.length)
}

/** Two warm-up runs, then the median of ten. @throws the signal's reason when aborted */
export async function measureLatency(run: () => Promise<unknown>, signal: AbortSignal): Promise<Latency> {
  const durations: number[] = []
  const beganAt = performance.now()
  for (let i = 0; i < WARM_UPS + RUNS; i++) {
    // Keeps the page responsive between runs.
    await new Promise((resolve) => setTimeout(resolve))
    signal.throwIfAborted()
    const startedAt = performance.now()
    await run()
    const endedAt = performance.now()
    if (i >= WARM_UPS) durations.push(endedAt - startedAt)
    if (durations.length >= MIN_RUNS && endedAt - beganAt > BUDGET_MS) break
  }
  return { medianMs: median(durations), runs: durations.length }
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [lower = Number.NaN, upper = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (lower + upper) / 2
}
