import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { commonestFirst, type PictureShape, type SizeCount } from './picture-shape.ts'

/** What contract/packed/manifest.ts allows. */
const MIN_SIDE = 8
const MAX_SIDE = 512
const MAX_PACKED_BYTES = 16 * 1024 ** 3

/** What was asked for; null leaves it to what is found. */
export interface WantedShape {
  height: number | null
  width: number | null
  channels: number | null
}

/** From this share on a size is everybody's. */
const COMMON_SHARE = 0.5

export interface ChosenShape {
  shape: PictureShape
  /** Why, where nobody asked for it. */
  notes: string[]
}

/**
 * The shape that all images are brought to: what was asked for, else the size that at least half of them have, else one of
 * their median area and proportions, so that a single panorama does not make panoramas of all; and grey only where every
 * image is.
 */
export function chooseShape(found: Iterable<PictureShape>, wanted: WantedShape): ChosenShape {
  const sizes = countSizes(found)
  const [commonest] = sizes.counts
  if (!commonest) throw new Error('there is no image to choose a shape by')
  const isCommon = commonest.count >= COMMON_SHARE * sizes.total
  const typical = isCommon ? commonest : medianOf(sizes.counts, sizes.total)
  const fitted = bringIntoRange(typical)
  const shape: PictureShape = {
    height: wanted.height ?? wanted.width ?? fitted.height,
    width: wanted.width ?? wanted.height ?? fitted.width,
    channels: wanted.channels === 1 || wanted.channels === 3 ? wanted.channels : sizes.grey ? 1 : 3,
  }
  refuseShape(shape, sizes.total)
  const chosenHere = wanted.height === null && wanted.width === null
  return { shape, notes: chosenHere ? notesOf(typical, fitted, isCommon) : [] }
}

function countSizes(found: Iterable<PictureShape>) {
  const counts = new Map<string, SizeCount>()
  let grey = true
  let total = 0
  for (const { height, width, channels } of found) {
    const size = counts.get(`${height}x${width}`) ?? { height, width, count: 0 }
    size.count++
    counts.set(`${height}x${width}`, size)
    if (channels === 3) grey = false
    total++
  }
  return { counts: [...counts.values()].sort(commonestFirst), grey, total }
}

/** Half of the images have a smaller area, half are less wide for their height. */
function medianOf(counts: readonly SizeCount[], total: number): { height: number; width: number } {
  const median = (measure: (size: SizeCount) => number) => {
    let rest = total / 2
    const sorted = counts
      .map((size) => ({ value: measure(size), count: size.count }))
      .sort((a, b) => a.value - b.value)
    const middle = sorted.find(({ count }) => {
      rest -= count
      return rest <= 0
    })
    return middle?.value ?? 1
  }
  const area = median(({ height, width }) => height * width)
  const proportion = median(({ height, width }) => width / height)
  return { height: Math.round(Math.sqrt(area / proportion)), width: Math.round(Math.sqrt(area * proportion)) }
}

type Size = Pick<PictureShape, 'height' | 'width'>

function notesOf(typical: Size, fitted: Size, isCommon: boolean): string[] {
  const size = `${fitted.width}×${fitted.height}`
  const scaled = fitted.height !== typical.height || fitted.width !== typical.width
  const range = `a side has ${MIN_SIDE} to ${MAX_SIDE} pixels`
  if (isCommon)
    return scaled
      ? [`Most images are ${typical.width}×${typical.height}; they were brought to ${size}, since ${range}.`]
      : []
  const why = `The images have many sizes; ${size} was chosen, by the median of their areas and of their proportions`
  return [scaled ? `${why}, ${typical.width}×${typical.height}; ${range}.` : `${why}.`]
}

/** The same proportions within the sides allowed, as far as they can be kept. */
function bringIntoRange({ height, width }: { height: number; width: number }): {
  height: number
  width: number
} {
  const scale = Math.min(1, MAX_SIDE / Math.max(height, width))
  const clamp = (side: number) => Math.min(MAX_SIDE, Math.max(MIN_SIDE, Math.round(side * scale)))
  return { height: clamp(height), width: clamp(width) }
}

function refuseShape({ height, width, channels }: PictureShape, total: number): void {
  for (const side of [height, width]) {
    if (!Number.isInteger(side) || side < MIN_SIDE || side > MAX_SIDE)
      throw new InvalidDatasetError(
        `Images of ${width}×${height} were asked for; a side has ${MIN_SIDE} to ${MAX_SIDE} pixels.`,
      )
  }
  if (total * height * width * channels > MAX_PACKED_BYTES)
    throw new InvalidDatasetError(
      `${total.toLocaleString('en')} images of ${width}×${height} take more than ${MAX_PACKED_BYTES / 1024 ** 3} GiB; ask for a smaller size.`,
    )
}
