import { splitNamed } from '../../../../contract/packed/manifest.ts'
import { EXPORT_SAMPLE, spreadSample } from '../../../../contract/packed/spread-sample.ts'
import { type LayersModel, type SymbolicTensor, type Tensor, tf } from '../../tensorflow.ts'
import type { ExportImages } from '../export-images.ts'
import { endsOf, quantizationOf, type Range } from './integers.ts'

/** Every so many of the images by which ranges are found is one by which it is found how much of a range is best kept. */
const ERROR_STEP = 8
/** Shares of a range among which that with the least mean square error is kept: rare extremes cost all others precision. */
const SHARES = [1, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4]
const BATCH_BYTES = 64 * 1024 * 1024
const MOST_A_BATCH = 64

export interface Calibration {
  /** Of each layer's output. */
  ranges: Map<string, Range>
  /** Training images that were used. */
  images: number
}

/** Finds by training images between which values each layer's output is to be rounded. */
export async function calibrate(
  model: LayersModel,
  names: readonly string[],
  images: ExportImages,
): Promise<Calibration> {
  const values = names.map((name) => model.getLayer(name).output as SymbolicTensor)
  const watched = tf.model({ inputs: model.inputs, outputs: values })
  const perImage = values.reduce(
    (sum, { shape }) => sum + 4 * shape.slice(1).reduce<number>((a, b) => a * (b ?? 1), 1),
    0,
  )
  const batchSize = Math.max(1, Math.min(MOST_A_BATCH, Math.floor(BATCH_BYTES / perImage)))
  const { height, width, channels } = images.input
  const split = splitNamed(images.dataset, 'train')
  const sample = split ? spreadSample(split, EXPORT_SAMPLE.train) : []
  const look = async (indices: readonly number[], see: (outputs: Tensor[]) => void) => {
    for await (const pixels of images.pixels('train', indices, batchSize))
      tf.tidy(() => {
        const batch = tf.tensor4d(pixels, [
          pixels.length / (height * width * channels),
          height,
          width,
          channels,
        ])
        see([watched.predictOnBatch(batch)].flat())
      })
  }
  const ranges = values.map((): Range => ({ least: 0, most: 0 }))
  await look(sample, (outputs) => widen(ranges, outputs))
  const errors = values.map(() => new Float64Array(SHARES.length))
  const some = sample.filter((_, i) => i % ERROR_STEP === 0)
  await look(some, (outputs) => addErrors(errors, ranges, outputs))
  const kept = ranges.map((range, i) => shareOf(range, SHARES[smallest(errors[i] as Float64Array)] as number))
  return { ranges: new Map(names.map((name, i) => [name, kept[i] as Range])), images: sample.length }
}

function widen(ranges: Range[], outputs: readonly Tensor[]): void {
  const ends = tf.stack(outputs.flatMap((output) => [tf.min(output), tf.max(output)])).dataSync()
  for (const [i, range] of ranges.entries()) {
    range.least = Math.min(range.least, ends[2 * i] as number)
    range.most = Math.max(range.most, ends[2 * i + 1] as number)
  }
}

function addErrors(errors: Float64Array[], ranges: readonly Range[], outputs: readonly Tensor[]): void {
  for (const [i, output] of outputs.entries()) {
    const found = tf.tidy(() =>
      tf.stack(SHARES.map((share) => errorOf(output, shareOf(ranges[i] as Range, share)))).dataSync(),
    )
    const own = errors[i] as Float64Array
    for (let s = 0; s < own.length; s++) own[s] = (own[s] as number) + (found[s] as number)
  }
}

/** The mean square of what rounding to the range's 256 values changes. */
function errorOf(output: Tensor, range: Range): Tensor {
  const quantization = quantizationOf(range)
  const { least, most } = endsOf(quantization)
  const rounded = tf.mul(
    tf.round(tf.div(tf.clipByValue(output, least, most), quantization.scale)),
    quantization.scale,
  )
  return tf.mean(tf.squaredDifference(output, rounded))
}

function shareOf({ least, most }: Range, share: number): Range {
  return { least: least * share, most: most * share }
}

function smallest(values: Float64Array): number {
  return values.reduce((best, value, i) => (value < (values[best] as number) ? i : best), 0)
}
