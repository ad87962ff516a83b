import type { Signature } from '../capture/inputs.ts'
import type { Generator } from '../random.ts'
import { type Tensor, tf } from '../tensorflow.ts'

/**
 * Ranges of the share of the image's area and of the ratio of height to width, from Zhong et al. 2020
 * (section 4.1).
 */
const AREA = { min: 0.02, max: 0.4 }
const ASPECT = { min: 0.3, max: 1 / 0.3 }
/** Attempts to draw a rectangle that fits into the image; after that the image is left unchanged. */
const MAX_ATTEMPTS = 100

/** The rectangle to erase from each image: 1 for the rows and columns that it covers, 0 for the others. */
export interface ErasedRectangles {
  /** [batch, height] */
  erasedRows: Float32Array
  /** [batch, width] */
  erasedColumns: Float32Array
}

interface PictureSize {
  height: number
  width: number
}

/** Draws a rectangle for each image with probability `share` (Random Erasing, Algorithm 1). */
export function drawErasedRectangles(
  batch: number,
  { height, width }: PictureSize,
  share: number,
  random: Generator,
): ErasedRectangles {
  const erasedRows = new Float32Array(batch * height)
  const erasedColumns = new Float32Array(batch * width)
  for (let picture = 0; picture < batch; picture++) {
    if (random.uniform() >= share) continue
    const box = drawBox({ height, width }, random)
    if (!box) continue
    erasedRows.fill(1, picture * height + box.top, picture * height + box.top + box.height)
    erasedColumns.fill(1, picture * width + box.left, picture * width + box.left + box.width)
  }
  return { erasedRows, erasedColumns }
}

function drawBox(size: PictureSize, random: Generator) {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const area = between(AREA, random) * size.height * size.width
    const aspect = between(ASPECT, random)
    const height = Math.round(Math.sqrt(area * aspect))
    const width = Math.round(Math.sqrt(area / aspect))
    if (height < 1 || width < 1 || height >= size.height || width >= size.width) continue
    const top = random.integer(size.height - height + 1)
    const left = random.integer(size.width - width + 1)
    return { top, left, height, width }
  }
  return undefined
}

function between({ min, max }: { min: number; max: number }, random: Generator): number {
  return min + random.uniform() * (max - min)
}

/** Inputs of a captured function that erases. */
export function erasingSignature(batch: number, { height, width }: PictureSize) {
  return {
    erasedRows: { dtype: 'float32', shape: [batch, height] },
    erasedColumns: { dtype: 'float32', shape: [batch, width] },
  } as const satisfies Signature
}

/** Sets the rectangles to 0, the mean colour of normalised images. */
export function erase(pictures: Tensor, erasedRows: Tensor, erasedColumns: Tensor): Tensor {
  const [batch, height, width] = pictures.shape as [number, number, number]
  const erased = tf.mul(
    erasedRows.reshape([batch, height, 1, 1]),
    erasedColumns.reshape([batch, 1, width, 1]),
  )
  return tf.mul(pictures, tf.sub(1, erased))
}
