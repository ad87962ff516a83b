import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import type { Recipe } from '../../../contract/recipe.ts'
import type { Signature } from '../capture/recorder.ts'
import type { Generator } from '../random.ts'
import { castBytesToFloat, type Tensor, type Tensor4D, tf } from '../tensorflow.ts'

type Augmentation = Recipe['augmentation']
type PictureSize = Pick<PackedDataset, 'height' | 'width' | 'channels'>

/** Where each row and column of the augmented images of a batch is taken from. */
export interface SourceGrid {
  /** [batch, height] row indices. */
  rows: Int32Array
  /** [batch, width] column indices. */
  columns: Int32Array
}

/**
 * Draws a random crop out of a reflected border and a random flip for every image. Both only move whole rows and
 * columns, so it is enough to say where each comes from.
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

/** Index of a pixel outside the image, mirrored at the border without repeating it: -1 is 1. */
function reflect(index: number, length: number): number {
  const last = length - 1
  return last - Math.abs(last - Math.abs(index))
}

/** The inputs of a captured function that augments. */
export function augmentedSignature(batch: number, { height, width, channels }: PictureSize) {
  return {
    pictures: { dtype: 'uint8', shape: [batch, height, width, channels] },
    rows: { dtype: 'int32', shape: [batch, height] },
    columns: { dtype: 'int32', shape: [batch, width] },
  } as const satisfies Signature
}

/** Moves the pixels of a batch as its grid says; all inside TensorFlow. */
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
 * Bytes to numbers with mean 0 and deviation 1 over the training images, channel by channel. A channel that is the
 * same everywhere is only centred.
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

/**
 * Brings images to the size that the networks see: bilinear, with the pixels' centres at halves, as PyTorch and Keras
 * do. Sizes that are equal change nothing.
 */
export function resize(pictures: Tensor, { height, width }: { height: number; width: number }): Tensor {
  if (pictures.shape[1] === height && pictures.shape[2] === width) return pictures
  return tf.image.resizeBilinear(pictures as Tensor4D, [height, width], false, true)
}
