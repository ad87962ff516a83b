// Runs exported models by a runtime of their format, in a process that never saw the engine.
// Usage: node run-export.mjs PIXELS FORMAT=FOLDER...; prints what each model's outputs are for the same images, as JSON.
// A SavedModel has a process of its own: tfjs-node would speed up, and so replace, what runs TF.js models.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import util from 'node:util'

// Node 24 dropped this function, which tfjs-node still calls.
util.isNullOrUndefined ??= (value) => value === null || value === undefined

const [pixelsPath, ...models] = process.argv.slice(2)
const pixels = Float32Array.from(readFileSync(pixelsPath))

/** Each gives the outputs in the order of the metadata. */
const RUNNERS = {
  TFJS: runLayersModel,
  SAVED_MODEL: runSavedModel,
  ONNX: runOnnx,
  ONNX_INT8: runOnnx,
  SAFETENSORS: runSafetensors,
}

async function runLayersModel(folder) {
  const json = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))
  const [{ paths, weights }] = json.weightsManifest
  const weightData = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))))
  return predict(json.modelTopology, weights, weightData, json.userDefinedMetadata)
}

async function runSafetensors(folder) {
  const { topology, ...metadata } = readJson(folder, 'config.json')
  const file = readFileSync(join(folder, 'model.safetensors'))
  const start = 8 + Number(file.readBigUInt64LE())
  const { __metadata__, ...tensors } = JSON.parse(file.subarray(8, start))
  const specs = Object.entries(tensors).map(([name, { shape }]) => ({ name, shape, dtype: 'float32' }))
  return predict(topology, specs, file.subarray(start), metadata)
}

async function predict(modelTopology, weightSpecs, weightData, metadata) {
  const tf = await import('@tensorflow/tfjs')
  const source = { modelTopology, weightSpecs, weightData: new Uint8Array(weightData).buffer }
  const model = await tf.loadLayersModel(tf.io.fromMemory(source))
  const results = model.predict(tf.tensor4d(pixels, shapeOf(metadata)))
  return [results].flat().map((tensor) => Array.from(tensor.dataSync()))
}

async function runSavedModel(folder) {
  const { default: tf } = await import('@tensorflow/tfjs-node-gpu')
  const metadata = readJson(folder, 'metadata.json')
  const model = await tf.node.loadSavedModel(folder, ['serve'], 'serving_default')
  const results = model.predict({ pixels: tf.tensor4d(pixels, shapeOf(metadata)) })
  return metadata.outputs.map((output) => Array.from(results[output].dataSync()))
}

async function runOnnx(folder) {
  const { default: ort } = await import('onnxruntime-node')
  const metadata = readJson(folder, 'metadata.json')
  const session = await ort.InferenceSession.create(join(folder, 'model.onnx'))
  const results = await session.run({ pixels: new ort.Tensor('float32', pixels, shapeOf(metadata)) })
  return metadata.outputs.map((output) => Array.from(results[output].data))
}

function readJson(folder, name) {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'))
}

function shapeOf({ input: { height, width, channels } }) {
  return [pixels.length / (height * width * channels), height, width, channels]
}

const outputs = []
for (const model of models) {
  const [format, folder] = model.split('=')
  outputs.push(await RUNNERS[format](folder))
}
console.log(JSON.stringify(outputs))
