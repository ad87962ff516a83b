/** Which networks of the catalogue a stranger's weights fit, told before anything is trained. */
import { ARCHITECTURE_FAMILIES, type ArchitectureFamilyName } from '../../../contract/architectures.ts'
import { sizeOfNetwork } from '../../../contract/networks/network-size.ts'
import {
  type FitImages,
  MOST_FITS,
  SHOWN_TENSORS,
  type WeightsFit,
} from '../../../contract/weights/given-weights.ts'
import { buildNetwork } from '../architectures/index.ts'
import { isClassifier, reasonNotTaken, takesShape } from '../students/weight-shapes.ts'
import { tf } from '../tensorflow.ts'

/** A name and a shape, whether of a file or of a network. */
export interface ShapedWeight {
  name: string
  shape: readonly number[]
}

/** Of images on either side of where some networks begin with another convolution. */
const SIDES: readonly [FitImages, number][] = [
  ['UP_TO_64_PIXELS', 64],
  ['ABOVE_64_PIXELS', 128],
]
/** A network with more than so many times the file's parameters, or with so many times fewer, is another one. */
const MOST_TIMES_LARGER = 2.2
const LEAST_SHARE = 0.5
const LONGEST_NAME = 200

/** @param tensors  of the file, under our names. @returns the best fit first */
export function findFits(family: ArchitectureFamilyName, tensors: readonly ShapedWeight[]): WeightsFit[] {
  const body = tensors.filter(({ name }) => !isClassifier(name))
  const fits = candidatesOf(family, body).flatMap((architecture) => fitsOf(architecture, body))
  return fits
    .filter(({ matched, total }) => matched / total >= LEAST_SHARE)
    .sort((a, b) => amiss(a) - amiss(b))
    .slice(0, MOST_FITS)
}

/** How many tensors are on one side alone. */
export function amiss({ fresh, unused }: WeightsFit): number {
  return fresh.count + unused.count
}

function candidatesOf(family: ArchitectureFamilyName, tensors: readonly ShapedWeight[]): string[] {
  const elements = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
  const image = { height: 64, width: 64, channels: 3 }
  return ARCHITECTURE_FAMILIES[family].members.filter((architecture) => {
    const times = (sizeOfNetwork(architecture, image, 1)?.parameters ?? 0) / elements
    return times < MOST_TIMES_LARGER && times > 1 / MOST_TIMES_LARGER
  })
}

/** One where the size of the images makes no difference, else one for either. */
function fitsOf(architecture: string, tensors: readonly ShapedWeight[]): WeightsFit[] {
  const [small, large] = SIDES.map(([images, side]) =>
    compare({ architecture, images }, weightsFor(architecture, side), tensors),
  ) as [WeightsFit, WeightsFit]
  const isSame = JSON.stringify({ ...small, images: large.images }) === JSON.stringify(large)
  return isSame ? [{ ...small, images: 'ANY' }] : [small, large]
}

function weightsFor(architecture: string, side: number): ShapedWeight[] {
  const input = tf.input({ shape: [side, side, 3] })
  const { logits } = buildNetwork(input, { architecture, classes: 2, prefix: '' })
  const model = tf.model({ inputs: input, outputs: logits })
  const weights = model.weights.map(({ originalName, shape }) => ({
    name: originalName,
    shape: shape as number[],
  }))
  model.dispose()
  return weights.filter(({ name }) => !isClassifier(name))
}

function compare(
  of: Pick<WeightsFit, 'architecture' | 'images'>,
  wanted: readonly ShapedWeight[],
  tensors: readonly ShapedWeight[],
): WeightsFit {
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const fresh = wanted.filter(({ name, shape }) => {
    const tensor = given.get(name)
    return !tensor || !takesShape(tensor.shape, shape)
  })
  const known = new Set(wanted.map(({ name }) => name))
  const unused = tensors.filter(({ name }) => !known.has(name))
  const told = fresh.slice(0, SHOWN_TENSORS).map(({ name, shape }) => {
    return { name, reason: reasonNotTaken(given.get(name)?.shape, shape) }
  })
  const names = unused.slice(0, SHOWN_TENSORS).map(({ name }) => name.slice(0, LONGEST_NAME))
  const matched = wanted.length - fresh.length
  return {
    ...{ ...of, matched, total: wanted.length },
    fresh: { shown: told, count: fresh.length },
    unused: { shown: names, count: unused.length },
  }
}
