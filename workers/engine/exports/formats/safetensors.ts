import { WEIGHTS_FILE } from '../../../../contract/exports.ts'
import { encodeSafetensors } from '../../safetensors.ts'
import type { LayersModel } from '../../tensorflow.ts'
import { stringValues } from '../model-metadata.ts'
import type { ExportFormat } from './format.ts'

export const safetensors: ExportFormat = {
  suffix: 'safetensors',
  library: 'tfjs',
  notes: () =>
    '`model.safetensors` holds the weights and nothing that can run, each under the name `layer/weight`: kernels as [height, width, in, out] (depthwise: [height, width, channels, 1]; dense: [in, out]), batch normalisation as `gamma`, `beta`, `moving_mean` and `moving_variance`, and `normalization/…`, the mean and variance of the pixels. `config.json` holds what this card tells and, under `topology`, the layers that the weights belong to, in Keras’ form.',
  async write(model, metadata) {
    const config = { ...metadata, topology: model.toJSON(undefined, false) }
    const files = [
      { name: WEIGHTS_FILE, content: encodeWeights(model, stringValues(metadata)) },
      { name: 'config.json', content: Buffer.from(`${JSON.stringify(config, null, 2)}\n`) },
    ]
    return { files }
  },
  example: {
    packages: ['@tensorflow/tfjs', 'sharp'],
    imports: ["import * as tf from '@tensorflow/tfjs'"],
    load: () => `const { classes, topology: modelTopology } = JSON.parse(read('config.json'))
const file = read('model.safetensors')
const start = 8 + Number(file.readBigUInt64LE())
const { __metadata__, ...tensors } = JSON.parse(file.subarray(8, start))
const weightSpecs = Object.entries(tensors).map(([name, { shape }]) => ({ name, shape, dtype: 'float32' }))
const weightData = new Uint8Array(file.subarray(start)).buffer
const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }))
const run = async (pixels) => [model.predict(tf.tensor4d(pixels, shape))].flat().map((output) => output.dataSync())`,
  },
}

function encodeWeights(model: LayersModel, metadata: Record<string, string>): Buffer {
  const tensors = model.weights.map((weight) => {
    const value = weight.read()
    return { name: weight.originalName, shape: value.shape, values: value.dataSync() as Float32Array }
  })
  return encodeSafetensors({ tensors, metadata })
}
