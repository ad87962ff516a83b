// biome-ignore-all lint/style/noNonNullAssertion: the loops stay inside the image and the 9 x 8 grey values

import type { PictureShape } from '../pictures/picture-shape.ts'

const ROWS = 8
const COLUMNS = 9

export interface DifferenceHash {
  upper: number
  lower: number
  /** The 9 × 8 grey values that it was made of, 0 to 255. */
  values: Uint8Array
}

/**
 * The difference hash of an image (Krawetz 2013): shrunk to 9 × 8 grey values, one bit for each two neighbours of a row,
 * set where the left one is darker. Images that look alike differ in few of the 64 bits.
 * @param pixels  uint8, HWC
 */
export function differenceHash(pixels: Uint8Array, shape: PictureShape): DifferenceHash {
  const grey = shrink(pixels, shape)
  const halves: [number, number] = [0, 0]
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS - 1; column++) {
      const at = row * COLUMNS + column
      const half = row < ROWS / 2 ? 0 : 1
      halves[half] = (halves[half] << 1) | (grey[at]! < grey[at + 1]! ? 1 : 0)
    }
  }
  const values = new Uint8Array(ROWS * COLUMNS)
  for (let i = 0; i < values.length; i++) values[i] = Math.round(grey[i]! / shape.channels)
  return { upper: halves[0] >>> 0, lower: halves[1] >>> 0, values }
}

/** Means of 9 × 8 areas as equal as whole pixels allow; sums of the channels, since only order counts. */
function shrink(pixels: Uint8Array, { height, width, channels }: PictureShape): Float64Array {
  const means = new Float64Array(ROWS * COLUMNS)
  for (let row = 0; row < ROWS; row++) {
    const [top, bottom] = [
      edge(row, ROWS, height),
      Math.max(edge(row, ROWS, height) + 1, edge(row + 1, ROWS, height)),
    ]
    for (let column = 0; column < COLUMNS; column++) {
      const left = edge(column, COLUMNS, width)
      const right = Math.max(left + 1, edge(column + 1, COLUMNS, width))
      let sum = 0
      for (let y = top; y < bottom; y++) {
        const end = (y * width + right) * channels
        for (let i = (y * width + left) * channels; i < end; i++) sum += pixels[i]!
      }
      means[row * COLUMNS + column] = sum / ((bottom - top) * (right - left))
    }
  }
  return means
}

function edge(part: number, parts: number, side: number): number {
  return Math.min(side - 1, Math.floor((part * side) / parts)) + (part === parts ? 1 : 0)
}
