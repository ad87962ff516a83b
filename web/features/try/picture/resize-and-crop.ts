// biome-ignore-all lint/style/noNonNullAssertion: indices are within the image that they index.

import { type Preparation, preparationOf, WHITE } from '../../../../contract/packed/preparation.ts'

/** Pixels as in a canvas: RGBA, one byte each, row-major. */
export interface Rgba {
  data: Uint8ClampedArray
  height: number
  width: number
}

/** The shape of a network's input. */
export interface PictureShape {
  height: number
  width: number
  channels: 1 | 3
  /** How the training images were brought to it; a version that does not say was cropped. */
  preparation?: Preparation | undefined
}

/**
 * Converts an image to a dataset's shape as the import does with training images: what is
 * transparent laid on the background; scaled (bilinear, antialiased) to cover the target size and
 * centre-cropped, or fitted inside it, or stretched; converted to grey by the luminance of linear light. The import's resampling first averages whole blocks when it shrinks by a lot, and rounds when it
 * enlarges, so single pixels may differ by a few of 255.
 * @returns HWC, 0..255
 */
export function resizeAndCrop(picture: Rgba, wanted: PictureShape): Uint8ClampedArray {
  const { fit, background } = preparationOf(wanted)
  const opaque = background === null ? picture : layOn(picture, background)
  const colours = FITTERS[fit](opaque, wanted, background ?? WHITE)
  return wanted.channels === 3 ? colours : toGrey(colours)
}

type Size = Pick<PictureShape, 'height' | 'width'>

const FITTERS = { COVER: cover, CONTAIN: contain, STRETCH: stretch } as const

function cover(picture: Rgba, wanted: Size): Uint8ClampedArray {
  const factor = Math.min(picture.width / wanted.width, picture.height / wanted.height)
  return scale(picture, wanted, factor, factor)
}

function stretch(picture: Rgba, wanted: Size): Uint8ClampedArray {
  return scale(picture, wanted, picture.width / wanted.width, picture.height / wanted.height)
}

/** In the middle of the background. */
function contain(picture: Rgba, wanted: Size, background: string): Uint8ClampedArray {
  const factor = Math.max(picture.width / wanted.width, picture.height / wanted.height)
  const width = Math.max(1, Math.round(picture.width / factor))
  const height = Math.max(1, Math.round(picture.height / factor))
  const inner = stretch(picture, { width, height })
  const colour = colourOf(background)
  const canvas = Uint8ClampedArray.from(
    { length: wanted.width * wanted.height * 3 },
    (_, i) => colour[i % 3]!,
  )
  const [left, top] = [Math.floor((wanted.width - width) / 2), Math.floor((wanted.height - height) / 2)]
  for (let y = 0; y < height; y++)
    canvas.set(inner.subarray(y * width * 3, (y + 1) * width * 3), ((y + top) * wanted.width + left) * 3)
  return canvas
}

function scale(picture: Rgba, wanted: Size, across: number, down: number): Uint8ClampedArray {
  const columns = tapsOf(picture.width, wanted.width, across)
  const rows = tapsOf(picture.height, wanted.height, down)
  return scaleRows(scaleColumns(picture, columns, rows), rows, wanted.width)
}

function colourOf(background: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(background.slice(start, start + 2), 16))
}

/** Alpha compositing; an image without transparency stays as it is. */
function layOn(picture: Rgba, background: string): Rgba {
  if (isOpaque(picture)) return picture
  const colour = colourOf(background)
  const data = Uint8ClampedArray.from(picture.data)
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]! / 255
    for (let c = 0; c < 3; c++) data[i + c] = data[i + c]! * alpha + colour[c]! * (1 - alpha)
    data[i + 3] = 255
  }
  return { ...picture, data }
}

function isOpaque({ data }: Rgba): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false
  return true
}

/**
 * The source pixels `first`, `first + 1`… that contribute to one pixel, with their weights, which add up to
 * 1.
 */
interface Taps {
  first: number
  shares: Float64Array
}

/**
 * A triangle filter scaled by the factor, truncated at the border.
 * @param factor source pixels per target pixel
 */
function tapsOf(length: number, target: number, factor: number): Taps[] {
  const scaled = Math.round(length / factor)
  const overhang = Math.floor((scaled - target + 1) / 2)
  // The scaled size is rounded to whole pixels, so the scaled image is centred on the source.
  const border = (length - scaled * factor) / 2
  const reach = Math.max(1, factor)
  return Array.from({ length: target }, (_, index) => {
    const center = (index + overhang + 0.5) * factor - 0.5 + border
    const first = Math.min(length - 1, Math.max(0, Math.floor(center - reach) + 1))
    const last = Math.max(first, Math.min(length - 1, Math.ceil(center + reach) - 1))
    const shares = Float64Array.from({ length: last - first + 1 }, (_, i) =>
      Math.max(0, 1 - Math.abs(first + i - center) / reach),
    )
    const sum = shares.reduce((total, share) => total + share, 0)
    return { first, shares: sum > 0 ? shares.map((share) => share / sum) : shares.fill(1 / shares.length) }
  })
}

interface Scaled {
  /** RGB, row by row from `top`. */
  values: Float32Array
  top: number
}

/** Scales only the rows that are needed afterwards. */
function scaleColumns({ data, width }: Rgba, columns: Taps[], rows: Taps[]): Scaled {
  const top = rows[0]!.first
  const { first, shares } = rows.at(-1)!
  const height = first + shares.length - top
  const values = new Float32Array(height * columns.length * 3)
  let at = 0
  for (let y = top; y < top + height; y++)
    for (const { first, shares } of columns) {
      let [red, green, blue] = [0, 0, 0]
      let from = (y * width + first) * 4
      for (const share of shares) {
        red += share * data[from]!
        green += share * data[from + 1]!
        blue += share * data[from + 2]!
        from += 4
      }
      values[at++] = red
      values[at++] = green
      values[at++] = blue
    }
  return { values, top }
}

function scaleRows({ values, top }: Scaled, rows: Taps[], width: number): Uint8ClampedArray {
  const scaled = new Uint8ClampedArray(rows.length * width * 3)
  const rowLength = width * 3
  for (const [y, { first, shares }] of rows.entries())
    for (let i = 0; i < rowLength; i++) {
      let value = 0
      for (const [step, share] of shares.entries())
        value += share * values[(first - top + step) * rowLength + i]!
      // Uint8ClampedArray rounds on assignment.
      scaled[y * rowLength + i] = value
    }
  return scaled
}

/** sRGB byte to linear light (IEC 61966-2-1). */
const LINEAR = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

function toGrey(colours: Uint8ClampedArray): Uint8ClampedArray {
  const grey = new Uint8ClampedArray(colours.length / 3)
  for (let i = 0; i < grey.length; i++) {
    const [red, green, blue] = [colours[3 * i]!, colours[3 * i + 1]!, colours[3 * i + 2]!]
    grey[i] = red === green && green === blue ? red : luminance(red, green, blue)
  }
  return grey
}

function luminance(red: number, green: number, blue: number): number {
  const linear = 0.2126 * LINEAR[red]! + 0.7152 * LINEAR[green]! + 0.0722 * LINEAR[blue]!
  return 255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055)
}
