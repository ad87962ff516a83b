// Runs a model folder in plain TF.js, in a process that never saw the engine.
// Usage: node plain-tfjs.mjs FOLDER PIXELS [LAYER...]; prints the outputs, then the named layers, as JSON arrays.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'

const [folder, pixelsPath, ...layers] = process.argv.slice(2)
const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(
  readFileSync(join(folder, 'model.json'), 'utf8'),
)
const [{ paths, weights }] = weightsManifest
const weightData = new Uint8Array(Buffer.concat(paths.map((path) => readFileSync(join(folder, path))))).buffer
const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData }))
const { height, width, channels } = userDefinedMetadata.input
const pixels = readFileSync(pixelsPath)
const batch = pixels.length / (height * width * channels)
const input = tf.tensor4d(Float32Array.from(pixels), [batch, height, width, channels])
const outputs = [...model.outputs, ...layers.map((layer) => model.getLayer(layer).output)]
const results = tf.model({ inputs: model.inputs, outputs }).predict(input)
console.log(JSON.stringify([results].flat().map((tensor) => Array.from(tensor.dataSync()))))
