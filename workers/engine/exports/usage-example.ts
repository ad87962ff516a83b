import type { PackedDataset } from '../../../contract/packed-dataset.ts'

/**
 * A program that classifies one picture with the model beside it, decoded as the training pictures were: upright, scaled
 * until it covers the size, the overhang cut off. It needs `@tensorflow/tfjs` and `sharp`, no more.
 */
export function usageExample(
  { height, width, channels }: PackedDataset,
  kind: 'student' | 'ensemble',
): string {
  const colour = channels === 1 ? ".toColourspace('b-w')" : ".toColourspace('srgb')"
  const output = kind === 'student' ? 'posterior' : '[features, posterior]'
  return `// npm install @tensorflow/tfjs sharp && node example.mjs picture.png
import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import sharp from 'sharp'
const read = (name) => readFileSync(new URL(name, import.meta.url))
const { modelTopology, weightsManifest: [{ paths, weights: weightSpecs }], userDefinedMetadata } = JSON.parse(read('model.json'))
const weightData = new Uint8Array(Buffer.concat(paths.map(read))).buffer
const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }))
const pixels = await sharp(process.argv[2], { autoOrient: true }).removeAlpha().resize(${width}, ${height}, { kernel: 'linear' })${colour}.raw().toBuffer()
const ${output} = model.predict(tf.tensor4d(Float32Array.from(pixels), [1, ${height}, ${width}, ${channels}]))
console.log(userDefinedMetadata.classes[posterior.argMax(-1).dataSync()[0]])
`
}
