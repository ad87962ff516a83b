import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import type { Recipe } from '../../../contract/recipes/recipe.ts'
import type { Signature } from '../capture/inputs.ts'
import type { Generator } from '../random.ts'
import { castBytesToFloat, type Tensor, tf } from '../tensorflow.ts'

type Augmentation = Recipe['augmentation']
type PictureSize = Pick<PackedDataset, 'height' | 'width' | 'channels'>

/** The source row and column of each row and column of a batch's augmented images. */
export interface SourceGrid {
  /** [batch, height] row indices. */
  rows: Int32Array
  /** [batch, width] column indices. */
  columns: Int32Array
}

/**
 * Draws a random crop from the reflection-padded image and a random flip, for every image. Both only move
 * whole rows and columns, so the grid of source indices describes them completely.
 */
export function drawSourceGrid(
  batch: number,
  size: PictureSize,
  { cropPadding, flip }: Pick<Augmentation, 'cropPadding' | 'flip'>,
  random: Generator,
): SourceGrid {
  const rows = new Int32Array(batch * size.height)
  const columns = new Int32Array(batch * size.width)
  for (let picture = 0; picture < batch; picture++) {
    const top = random.integer(2 * cropPadding + 1) - cropPadding
    const left = random.integer(2 * cropPadding + 1) - cropPadding
    const mirrored = flip && random.integer(2) === 1
    for (let y = 0; y < size.height; y++) rows[picture * size.height + y] = reflect(top + y, size.height)
    for (let x = 0; x < size.width; x++) {
      const column = reflect(left + x, size.width)
      columns[picture * size.width + (mirrored ? size.width - 1 - x : x)] = column
    }
  }
  return { rows, columns }
}

/**
 * Maps an index outside the image by reflection at the border, without repeating the border pixel: -1 becomes
 * 1.
 */
function reflect(index: number, length: number): number {
  const last = length - 1
  return last - Math.abs(last - Math.abs(index))
}

/** Inputs of a captured function that augments. */
export function augmentedSignature(batch: number, { height, width, channels }: PictureSize) {
  return {
    pictures: { dtype: 'uint8', shape: [batch, height, width, channels] },
    rows: { dtype: 'int32', shape: [batch, height] },
    columns: { dtype: 'int32', shape: [batch, width] },
  } as const satisfies Signature
}

/** Rearranges a batch's pixels according to its grid, entirely inside TensorFlow. */
export function augment(pictures: Tensor, rows: Tensor, columns: Tensor): Tensor {
  const [batch, height, width, channels] = pictures.shape as [number, number, number, number]
  const firstRow = tf.mul(tf.range(0, batch, 1, 'int32'), tf.scalar(height, 'int32')).reshape([batch, 1])
  const rowStarts = tf.mul(tf.add(rows, firstRow), tf.scalar(width, 'int32')).reshape([batch, height, 1])
  const pixels = tf.add(rowStarts, columns.reshape([batch, 1, width]))
  return tf.gather(
    pictures.reshape([batch * height * width, channels]),
    pixels.reshape([batch, height, width]) as never,
  )
}

/**
 * Converts bytes to floats with mean 0 and standard deviation 1 per channel over the training images. A
 * constant channel is only centred.
 */
export function normalize(bytes: Tensor, { channelMeans, channelDeviations }: PackedDataset): Tensor {
  const { scale, offset } = normalization(channelMeans, channelDeviations)
  return tf.add(tf.mul(castBytesToFloat(bytes), tf.tensor1d(scale)), tf.tensor1d(offset))
}

function normalization(means: number[], deviations: number[]) {
  const used = deviations.map((deviation) => (deviation > 0 ? deviation : 1))
  return {
    scale: used.map((deviation) => 1 / (255 * deviation)),
    offset: means.map((mean, channel) => -mean / (used[channel] as number)),
  }
}
