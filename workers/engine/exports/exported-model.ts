/** Students and ensembles as models of standard TF.js layers only, preprocessing included. */
import type { Student } from '../../../contract/cohort.ts'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { buildNetwork } from '../architectures/index.ts'
import type { NetworkOutputs } from '../architectures/network.ts'
import { weightsOf } from '../students/student-network.ts'
import { type LayersModel, type SymbolicTensor, type Tensor, tf } from '../tensorflow.ts'

/** Trained values by `student/layer/weight`. */
export type State = ReadonlyMap<string, Float32Array>

const NORMALIZATION = 'normalization'

/** The outputs of a student's model, in order: images of a dataset for RETRIEVAL are compared by their features. */
export function studentOutputs({ kind }: PackedDataset): ('features' | 'posterior')[] {
  return kind === 'RETRIEVAL' ? ['features', 'posterior'] : ['posterior']
}

/**
 * From pixels 0..255 [batch, height, width, channels] to `studentOutputs`: the features, and the posterior
 * [batch, classes]. The layer `logits` is inside.
 */
export function buildStudentModel(student: Student, dataset: PackedDataset, state: State): LayersModel {
  const { pixels, normalized } = pictureInput(dataset)
  const { features, logits } = buildNetwork(normalized, { ...networkOptions(student, dataset), prefix: '' })
  const named = { features, posterior: posterior(logits, '') }
  const outputs = studentOutputs(dataset).map((name) => named[name])
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
    .concatenate({ name: 'concatenated_features' })
    .apply(networks.map((n) => n.features))
  const posteriors = networks.map(({ logits, prefix }) => posterior(logits, prefix))
  const mean = tf.layers.average({ name: 'mean_posterior' }).apply(posteriors)
  const outputs = [features, mean] as SymbolicTensor[]
  const model = tf.model({ name: 'ensemble', inputs: pixels, outputs })
  setTrainedWeights(model, dataset, state, '')
  return model
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
