import { decodeText } from './example-images.ts'
import type { ModelMetadata } from './model-metadata.ts'

/** The program's name in an export, and how it is run. */
export const RANKING_FILE = 'rank.mjs'
export const RANKING_COMMAND = `npm install @tensorflow/tfjs sharp && node ${RANKING_FILE} query-folder gallery-folder`

/**
 * A program that ranks the images of one folder for each image of another by the TF.js model beside it, the nearest
 * first: by the distance of the features, each student's scaled to length 1 before they are put side by side.
 */
export function writeRankingProgram(metadata: ModelMetadata): string {
  const { height, width, channels } = metadata.input
  return `// ${RANKING_COMMAND} [how-many]
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import sharp from 'sharp'

const [queryFolder, galleryFolder, howMany = '10'] = process.argv.slice(2)
const read = (name) => readFileSync(new URL(name, import.meta.url))
const { modelTopology, weightsManifest: [{ paths, weights: weightSpecs }] } = JSON.parse(read('model.json'))
const weightData = new Uint8Array(Buffer.concat(paths.map(read))).buffer
const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }))
// The first output is the features; of an ensemble those of its students, side by side.
const sides = model.layers.find(({ name }) => name === 'concatenated_features')
const widths = [sides ? sides.input : model.outputs[0]].flat().map(({ shape }) => shape[1])

async function featuresOf(file) {
  ${decodeText(metadata, 'file').replaceAll('\n', '\n  ')}
  const features = tf.tidy(() =>
    model.predict(tf.tensor4d(pixels, [1, ${height}, ${width}, ${channels}]))[0].dataSync(),
  )
  let from = 0
  return widths.flatMap((width) => {
    const side = Array.from(features.slice(from, from + width))
    from += width
    const length = Math.hypot(...side) || 1
    return side.map((value) => value / length)
  })
}

async function readFolder(folder) {
  const names = readdirSync(folder).filter((name) => /\\.(jpe?g|png|webp|gif|tiff?|avif)$/i.test(name)).sort()
  const pictures = []
  for (const name of names) pictures.push({ name, features: await featuresOf(join(folder, name)) })
  return pictures
}

const gallery = await readFolder(galleryFolder)
for (const query of await readFolder(queryFolder)) {
  const ranked = gallery
    .map(({ name, features }) => ({
      name,
      distance: Math.hypot(...features.map((value, i) => value - query.features[i])) / Math.sqrt(widths.length),
    }))
    .sort((a, b) => a.distance - b.distance)
  console.log(query.name)
  for (const [i, { name, distance }] of ranked.slice(0, Number(howMany)).entries())
    console.log(\`  \${i + 1}. \${name} \${distance.toFixed(4)}\`)
}
`
}
