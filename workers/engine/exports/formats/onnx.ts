/** ONNX: one graph in channels-first layout, whose input is turned from [batch, height, width, channels] first. */
import type { LayersModel } from '../../tensorflow.ts'
import { ENGINE_VERSION } from '../../version.ts'
import { preprocessorConfig } from '../image-preparation.ts'
import { layersOf, outputsOf } from '../layer-graph.ts'
import { type ModelMetadata, stringValues } from '../model-metadata.ts'
import { ONNX_RUNTIME } from '../python-example.ts'
import { type ExportFormat, metadataFile } from './format.ts'
import { encodeOnnx } from './onnx-file.ts'
import { OnnxGraph } from './onnx-graph.ts'
import { convertLayers } from './onnx-layers.ts'

/** Onnxruntime 1.11 and later run it. */
const OPSET = 17

/** What a card says of the file. */
export function onnxNotes({ outputs }: ModelMetadata): string {
  return `An ONNX model of opset ${OPSET}. Its input is \`pixels\` in the layout NHWC, its ${outputs.length > 1 ? 'outputs are' : 'output is'} ${outputs.map((output) => `\`${output}\``).join(' and ')}; the model's own metadata and \`metadata.json\` hold what this card tells.`
}

/** The file of a model whose layers are in the graph. */
export function encodeLayers(
  model: LayersModel,
  { nodes, weights }: OnnxGraph,
  metadata: ModelMetadata,
): Buffer {
  const shapes = new Map(layersOf(model).map(({ name, outputShape }) => [name, outputShape]))
  const value = (name: string) => ({ name, shape: ['batch', ...(shapes.get(name) as number[])] })
  return encodeOnnx({
    opset: OPSET,
    producerVersion: ENGINE_VERSION,
    name: model.name,
    nodes,
    weights,
    inputs: [value('pixels')],
    outputs: outputsOf(model).map(value),
    metadata: {
      ...stringValues(metadata),
      preprocessor_config: JSON.stringify(preprocessorConfig(metadata)),
    },
  })
}

export const onnx: ExportFormat = {
  suffix: 'onnx',
  library: 'onnx',
  notes: onnxNotes,
  async write(model, metadata) {
    const content = encodeLayers(model, convertLayers(layersOf(model), new OnnxGraph()), metadata)
    return { files: [{ name: 'model.onnx', content }, metadataFile(metadata)] }
  },
  python: ONNX_RUNTIME,
  example: {
    packages: ['onnxruntime-node', 'sharp'],
    imports: ["import { fileURLToPath } from 'node:url'", "import ort from 'onnxruntime-node'"],
    load: () => `const { classes, outputs } = JSON.parse(read('metadata.json'))
const session = await ort.InferenceSession.create(fileURLToPath(new URL('model.onnx', import.meta.url)))
const run = async (pixels) => {
  const results = await session.run({ pixels: new ort.Tensor('float32', pixels, shape) })
  return outputs.map((output) => results[output].data)
}`,
  },
}
