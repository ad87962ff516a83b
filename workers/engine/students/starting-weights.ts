/** Students that begin with weights of an earlier training, here or elsewhere. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { TrainingOrder } from '../../../contract/training.ts'
import { decodeSafetensors, type NamedTensor } from '../safetensors.ts'
import { tf } from '../tensorflow.ts'
import type { StudentNetwork, Weight } from './student-network.ts'
import { isClassifier, isOverColours, reasonNotTaken } from './weight-shapes.ts'

const SHOWN = 8

/**
 * Sets the weights that fit by name and shape; the others stay as the seed drew them. The classifier is kept only where
 * the file says that it is for the same classes. Marks what was set as `given`.
 * @returns what matched and what did not, a line for every student
 * @throws an error fit for users if a file is missing or changed, or fits nowhere
 */
export async function setStartingWeights(
  students: readonly StudentNetwork[],
  { blobPaths, dataset }: TrainingOrder,
): Promise<string[]> {
  const lines: string[] = []
  for (const student of students) {
    const { start } = student
    if (!start) continue
    const content = await readFile(blobPaths[start.sha256] ?? '').catch(() => undefined)
    if (!content || createHash('sha256').update(content).digest('hex') !== start.sha256)
      throw new Error(`the weights that ${student.name} begins with are missing or were changed`)
    const { tensors, metadata } = decodeSafetensors(content)
    const isSameTask = metadata.classes === JSON.stringify(dataset.classes)
    const fits = student.weights.filter((weight) => setIfFitting(weight, tensors, isSameTask))
    if (!fits.some(({ name }) => name.endsWith('kernel')))
      throw new Error(
        `of the weights that ${student.name} begins with none fits a ${student.architecture} for images of this kind`,
      )
    for (const weight of fits) weight.given = true
    lines.push(describe(student, tensors, isSameTask))
  }
  return lines
}

function setIfFitting(
  { name, variable }: Weight,
  tensors: readonly NamedTensor[],
  keepsClasses: boolean,
): boolean {
  const tensor = tensors.find((other) => other.name === name)
  if (!tensor || (isClassifier(name) && !keepsClasses)) return false
  const values = valuesFor(tensor, variable.shape)
  if (!values) return false
  tf.tidy(() => void variable.assign(tf.tensor(values, variable.shape)))
  return true
}

/** As they are, or, for grey images, kernels over colours added up: grey is the same in all of them. */
function valuesFor({ shape, values }: NamedTensor, wanted: readonly number[]): Float32Array | undefined {
  if (shape.join() === wanted.join()) return values
  if (!isOverColours(shape, wanted)) return undefined
  const [rows, columns, , filters] = shape as [number, number, number, number]
  return Float32Array.from({ length: rows * columns * filters }, (_, i) => {
    const [place, filter] = [Math.floor(i / filters), i % filters]
    const own = [0, 1, 2].map((channel) => values[(place * 3 + channel) * filters + filter] as number)
    return own.reduce((sum, value) => sum + value, 0)
  })
}

function describe(
  { name, start, weights }: StudentNetwork,
  tensors: readonly NamedTensor[],
  isSameTask: boolean,
): string {
  const fresh = weights.filter(({ given }) => !given)
  const fromThere = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const reasonFor = (weight: Weight) => {
    const tensor = fromThere.get(weight.name)
    if (tensor?.shape.join() !== weight.variable.shape.join())
      return reasonNotTaken(tensor?.shape, weight.variable.shape)
    return isSameTask ? 'does not fit' : 'of other classes, or of classes that it does not name'
  }
  const told = fresh.slice(0, SHOWN).map((weight) => `${weight.name} (${reasonFor(weight)})`)
  const more = fresh.length > SHOWN ? ` and ${fresh.length - SHOWN} more` : ''
  const unused = tensors.filter((tensor) => !weights.some((weight) => weight.name === tensor.name))
  const frozen = start?.frozenEpochs
    ? ` For ${start.frozenEpochs} epochs only what is new learns; statistics of batch normalisation follow the images.`
    : ''
  return [
    `${name} begins with ${start?.source.name}: ${weights.length - fresh.length} of ${weights.length} tensors match.`,
    fresh.length > 0 ? ` New: ${told.join(', ')}${more}.` : '',
    unused.length > 0
      ? ` Not used: ${unused
          .slice(0, SHOWN)
          .map((tensor) => tensor.name)
          .join(', ')}${unused.length > SHOWN ? ` and ${unused.length - SHOWN} more` : ''}.`
      : '',
    frozen,
  ].join('')
}
