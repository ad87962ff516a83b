/** Students and ensembles as models of standard TF.js layers only, preprocessing included. */
import type { Student } from '../../../contract/cohort.ts'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { buildNetwork } from '../architectures/index.ts'
import type { NetworkOutputs } from '../architectures/network.ts'
import { weightsOf } from '../students/student-network.ts'
import { type LayersModel, type SymbolicTensor, type Tensor, tf } from '../tensorflow.ts'

/** Trained values by `student/layer/weight`. */
export type State = ReadonlyMap<string, Float32Array>

const CONCATENATED_FEATURES = 'concatenated_features'
const NORMALIZATION = 'normalization'

/**
 * The outputs of a student's model, in order: the last pooled features, by which images are compared; what the softmax is
 * taken of, from which other networks can be distilled; and the posterior.
 */
export const STUDENT_OUTPUTS = ['features', 'logits', 'posterior'] as const

/**
 * From pixels 0..255 [batch, height, width, channels] to STUDENT_OUTPUTS: the features [batch, features], the logits and
 * the posterior [batch, classes].
 */
export function buildStudentModel(student: Student, dataset: PackedDataset, state: State): LayersModel {
  const { pixels, normalized } = pictureInput(dataset)
  const { features, logits } = buildNetwork(normalized, { ...networkOptions(student, dataset), prefix: '' })
  const named = { features, logits, posterior: posterior(logits, '') }
  const outputs = STUDENT_OUTPUTS.map((name) => named[name])
  const model = tf.model({ name: 'student', inputs: pixels, outputs })
  setTrainedWeights(model, dataset, state, `${student.name}/`)
  return model
}

/**
 * From pixels 0..255 to two outputs: the students' features side by side, and the mean of their posteriors.
 * @param students two or more
 */
export function buildEnsembleModel(students: Student[], dataset: PackedDataset, state: State): LayersModel {
  const { pixels, normalized } = pictureInput(dataset)
  const networks = students.map((student): NetworkOutputs & { prefix: string } => {
    const prefix = `${student.name}/`
    return { prefix, ...buildNetwork(normalized, { ...networkOptions(student, dataset), prefix }) }
  })
  const features = tf.layers
    .concatenate({ name: CONCATENATED_FEATURES })
    .apply(networks.map((n) => n.features))
  const posteriors = networks.map(({ logits, prefix }) => posterior(logits, prefix))
  const mean = tf.layers.average({ name: 'mean_posterior' }).apply(posteriors)
  const outputs = [features, mean] as SymbolicTensor[]
  const model = tf.model({ name: 'ensemble', inputs: pixels, outputs })
  setTrainedWeights(model, dataset, state, '')
  return model
}

/** How many features each student of a model has, in the order in which they lie side by side. */
export function featureWidths(model: LayersModel): number[] {
  const sides = model.layers.find(({ name }) => name === CONCATENATED_FEATURES)
  const tensors = [sides ? sides.input : model.outputs[0]].flat()
  return tensors.map((tensor) => (tensor?.shape.at(-1) as number | undefined) ?? 0)
}

function networkOptions({ architecture }: Student, { classes }: PackedDataset) {
  return { architecture, classes: classes.length }
}

function posterior(logits: SymbolicTensor, prefix: string): SymbolicTensor {
  return tf.layers
    .activation({ name: `${prefix}posterior`, activation: 'softmax' })
    .apply(logits) as SymbolicTensor
}

/** Normalisation as a frozen BatchNormalization, the one standard layer that plain TF.js has for it. */
function pictureInput({ height, width, channels }: PackedDataset) {
  const pixels = tf.input({ name: 'pixels', shape: [height, width, channels] })
  const config = { name: NORMALIZATION, scale: false, center: false, epsilon: 1e-7, trainable: false }
  return { pixels, normalized: tf.layers.batchNormalization(config).apply(pixels) as SymbolicTensor }
}

function setTrainedWeights(model: LayersModel, dataset: PackedDataset, state: State, prefix: string): void {
  const normalization: Record<string, number[]> = {
    [`${NORMALIZATION}/moving_mean`]: dataset.channelMeans.map((mean) => 255 * mean),
    [`${NORMALIZATION}/moving_variance`]: dataset.channelDeviations.map(
      (deviation) => (255 * (deviation || 1)) ** 2,
    ),
  }
  tf.tidy(() => {
    const values = weightsOf(model).map(({ name, variable }): Tensor => {
      const value = normalization[name] ?? state.get(`${prefix}${name}`)
      if (!value) throw new Error(`the trained state has no value for ${prefix}${name}`)
      return tf.tensor(value, variable.shape)
    })
    model.setWeights(values)
  })
}
