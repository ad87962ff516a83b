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

/**
 * The shape that all images are brought to: what was asked for, else the commonest size found (among equals the larger),
 * and grey only where every image is.
 */
export function chooseShape(
  found: Iterable<PictureShape>,
  wanted: WantedShape,
): { shape: PictureShape; notes: string[] } {
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
  const [commonest] = [...counts.values()].sort(commonestFirst)
  if (!commonest) throw new Error('there is no image to choose a shape by')
  const fitted = bringIntoRange(commonest)
  const shape: PictureShape = {
    height: wanted.height ?? wanted.width ?? fitted.height,
    width: wanted.width ?? wanted.height ?? fitted.width,
    channels: wanted.channels === 1 || wanted.channels === 3 ? wanted.channels : grey ? 1 : 3,
  }
  refuseShape(shape, total)
  const chosenHere = wanted.height === null && wanted.width === null
  const scaled = fitted.height !== commonest.height || fitted.width !== commonest.width
  const note = `Most images are ${commonest.width}×${commonest.height}; they were brought to ${fitted.width}×${fitted.height}, since a side has ${MIN_SIDE} to ${MAX_SIDE} pixels.`
  return { shape, notes: chosenHere && scaled ? [note] : [] }
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
