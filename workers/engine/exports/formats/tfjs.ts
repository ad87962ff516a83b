import { DEMO_FILE, writeDemoPage } from '../demo-page.ts'
import { featureWidths } from '../exported-model.ts'
import { artifactsOf, layersModelFiles } from '../layers-model-files.ts'
import { RANKING_COMMAND, RANKING_FILE, writeRankingProgram } from '../ranking-program.ts'
import type { ExportFormat } from './format.ts'

export const tfjs: ExportFormat = {
  suffix: 'tfjs',
  library: 'tfjs',
  notes: () =>
    'A TF.js layers model: `model.json`, whose `userDefinedMetadata` hold what this card tells, and the weights beside it. `index.html`, where it is not too large for one, runs it in a browser, from a disk or a server: the weights and TF.js are inside, and no image leaves the computer.',
  async write(model, metadata) {
    const artifacts = await artifactsOf(model)
    const page = writeDemoPage(artifacts, metadata, featureWidths(model))
    const files = [
      ...layersModelFiles(artifacts, metadata),
      ...(page === null ? [] : [{ name: DEMO_FILE, content: Buffer.from(page) }]),
    ]
    return { files }
  },
  ranking: { file: RANKING_FILE, command: RANKING_COMMAND, write: writeRankingProgram },
  example: {
    packages: ['@tensorflow/tfjs', 'sharp'],
    imports: ["import * as tf from '@tensorflow/tfjs'"],
    load: () => `const { modelTopology, weightsManifest: [{ paths, weights: weightSpecs }], userDefinedMetadata: { classes } } = JSON.parse(read('model.json'))
const weightData = new Uint8Array(Buffer.concat(paths.map(read))).buffer
const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }))
const run = async (pixels) => [model.predict(tf.tensor4d(pixels, shape))].flat().map((output) => output.dataSync())`,
  },
}
