import type { Signature } from '../capture/recorder.ts'
import type { Generator } from '../random.ts'
import { type Tensor, tf } from '../tensorflow.ts'

/** Shares of the image's area and ratios of height to width, as Zhong et al. 2020 chose them (section 4.1). */
const AREA = { least: 0.02, most: 0.4 }
const ASPECT = { least: 0.3, most: 1 / 0.3 }
/** Tries to draw a rectangle that fits into the image; then the image stays whole. */
const TRIES = 100

/** The rectangle that is erased from each image: the rows and the columns that it covers are 1, the others 0. */
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

/** Draws a rectangle for about `share` of the images of a batch (Random Erasing, Algorithm 1). */
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
  for (let attempt = 0; attempt < TRIES; attempt++) {
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

function between({ least, most }: { least: number; most: number }, random: Generator): number {
  return least + random.uniform() * (most - least)
}

/** The inputs of a captured function that erases. */
export function erasingSignature(batch: number, { height, width }: PictureSize) {
  return {
    erasedRows: { dtype: 'float32', shape: [batch, height] },
    erasedColumns: { dtype: 'float32', shape: [batch, width] },
  } as const satisfies Signature
}

/** Sets the rectangles to 0, which is the mean colour of normalised images. */
export function erase(pictures: Tensor, erasedRows: Tensor, erasedColumns: Tensor): Tensor {
  const [batch, height, width] = pictures.shape as [number, number, number]
  const erased = tf.mul(
    erasedRows.reshape([batch, height, 1, 1]),
    erasedColumns.reshape([batch, 1, width, 1]),
  )
  return tf.mul(pictures, tf.sub(1, erased))
}
