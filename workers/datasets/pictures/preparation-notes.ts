/** What is lost where images are brought to another shape, in words for the report of an import. */
import { type Preparation, WHITE } from '../../../contract/packed/preparation.ts'
import type { PictureShape, SizeCount } from './picture-shape.ts'

/** Proportions that differ by less are the same: a side is a whole number of pixels. */
const SAME_PROPORTION = 0.02

/**
 * @param sizes  of the images that were packed
 * @param transparent  how many could be transparent in places
 * @param blank  how many are of one colour throughout, as packed
 */
export function preparationNotes(
  sizes: Iterable<SizeCount>,
  shape: PictureShape,
  { fit, background }: Preparation,
  { transparent, blank }: { transparent: number; blank: number },
): string[] {
  const notes: string[] = []
  const others = otherProportions(sizes, shape)
  if (others.count > 0)
    notes.push(
      `${count(others.count)} of other proportions than ${shape.width}×${shape.height}: ${WORDS[fit](others)}`,
    )
  if (others.enlarged > 0)
    notes.push(`${count(others.enlarged)} smaller than ${shape.width}×${shape.height}, and enlarged.`)
  if (transparent > 0)
    notes.push(
      `${transparent.toLocaleString('en')} ${transparent === 1 ? 'image has' : 'images have'} an alpha channel; ${background ? `what is transparent lies on ${background === WHITE ? 'white' : background}` : 'it was dropped'}.`,
    )
  if (blank > 0)
    notes.push(
      `${count(blank)} of one colour throughout${transparent > 0 ? '; where drawings have the colour of the background, choose another' : ''}.`,
    )
  return notes
}

interface Others {
  count: number
  /** Of those that are not upscaled alike: share of the area, of the average and of the worst image. */
  averageLoss: number
  largestLoss: number
  largestStretch: number
  enlarged: number
}

function otherProportions(sizes: Iterable<SizeCount>, shape: PictureShape): Others {
  const others: Others = { count: 0, averageLoss: 0, largestLoss: 0, largestStretch: 1, enlarged: 0 }
  let loss = 0
  for (const { width, height, count } of sizes) {
    if (width < shape.width && height < shape.height) others.enlarged += count
    const stretch = (width * shape.height) / (height * shape.width)
    const factor = Math.max(stretch, 1 / stretch)
    if (factor - 1 <= SAME_PROPORTION) continue
    others.count += count
    loss += count * (1 - 1 / factor)
    others.largestLoss = Math.max(others.largestLoss, 1 - 1 / factor)
    others.largestStretch = Math.max(others.largestStretch, factor)
  }
  return { ...others, averageLoss: others.count > 0 ? loss / others.count : 0 }
}

const WORDS = {
  COVER: ({ averageLoss, largestLoss }: Others) =>
    `what overhangs was cut off evenly, ${percent(averageLoss)} of such an image on average and ${percent(largestLoss)} of the worst.`,
  CONTAIN: ({ averageLoss, largestLoss }: Others) =>
    `the rest was filled with the background, ${percent(averageLoss)} of the area on average and ${percent(largestLoss)} at most.`,
  STRETCH: ({ largestStretch }: Others) =>
    `they were distorted, by a factor of ${largestStretch.toFixed(2)} at most.`,
} as const satisfies Record<Preparation['fit'], (others: Others) => string>

function count(number: number): string {
  return `${number.toLocaleString('en')} ${number === 1 ? 'image is' : 'images are'}`
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
