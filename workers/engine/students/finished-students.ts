import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import type { TrainingOrder } from '../../../contract/training.ts'
import { decodeSafetensors, type SafetensorsFile } from '../safetensors.ts'
import { tf } from '../tensorflow.ts'
import type { StudentNetwork } from './student-network.ts'

/** Relative; normalisation is stored in float32 and recomputed for every dataset version. */
const NORMALIZATION_TOLERANCE = 1e-4

/**
 * Loads the weights of students that are finished models, from files in the SAFETENSORS export format.
 * @throws an error fit for users if a file is missing or changed, or belongs to another network, to other
 * classes or to images with another normalisation
 */
export async function readFinishedStudents(
  students: readonly StudentNetwork[],
  { blobPaths, dataset }: TrainingOrder,
): Promise<void> {
  for (const student of students) {
    const { weightsSha256 } = student
    if (weightsSha256 === undefined) continue
    const content = await readFile(blobPaths[weightsSha256] ?? '').catch(() => undefined)
    if (!content || createHash('sha256').update(content).digest('hex') !== weightsSha256)
      throw new Error(`the weights of the finished student ${student.name} are missing or were changed`)
    const file = decodeSafetensors(content)
    requireSameTask(student, file, dataset)
    setWeights(student, file)
  }
}

/**
 * A teacher's posterior is meaningless for other classes, and wrong for images with another normalisation.
 */
function requireSameTask(
  student: StudentNetwork,
  { tensors, metadata }: SafetensorsFile,
  dataset: PackedDataset,
) {
  if (metadata.classes !== JSON.stringify(dataset.classes))
    throw new Error(`the finished student ${student.name} was trained on other classes than the dataset's`)
  const normalization = {
    moving_mean: dataset.channelMeans.map((mean) => 255 * mean),
    moving_variance: dataset.channelDeviations.map((deviation) => (255 * (deviation || 1)) ** 2),
  }
  for (const [name, wanted] of Object.entries(normalization)) {
    const values = tensors.find((tensor) => tensor.name === `normalization/${name}`)?.values ?? []
    const isSame = wanted.every(
      (value, channel) =>
        Math.abs((values[channel] ?? Number.NaN) - value) <= NORMALIZATION_TOLERANCE * value,
    )
    if (!isSame)
      throw new Error(
        `the finished student ${student.name} was trained on images with another normalisation; choose one of the same dataset version`,
      )
  }
}

function setWeights(
  { name: student, architecture, weights }: StudentNetwork,
  { tensors }: SafetensorsFile,
): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  for (const { name, variable } of weights) {
    const tensor = byName.get(name)
    if (tensor?.shape.join() !== variable.shape.join())
      throw new Error(
        `the finished student ${student} is no ${architecture} for images of this kind: its ${name} differs`,
      )
    tf.tidy(() => void variable.assign(tf.tensor(tensor.values, variable.shape)))
  }
}
