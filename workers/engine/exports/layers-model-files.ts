import type { LayersModel } from '../tensorflow.ts'
import { ENGINE_VERSION } from '../version.ts'
import type { ExportedFile } from './formats/format.ts'

/** The convention of TF.js's converter, so that a browser caches and fetches in parallel. */
const SHARD_BYTES = 4 * 1024 * 1024

export interface ModelArtifacts {
  modelTopology: object
  weightSpecs: { name: string }[]
  weightData: ArrayBuffer
}

/** The files of a TF.js layers model: model.json and its weights. @param metadata becomes `userDefinedMetadata` */
export function layersModelFiles(artifacts: ModelArtifacts, metadata: object): ExportedFile[] {
  const { modelTopology, weightSpecs, weightData } = artifacts
  const bytes = Buffer.from(weightData)
  const count = Math.max(1, Math.ceil(bytes.length / SHARD_BYTES))
  const shards = Array.from({ length: count }, (_, i) => ({
    name: `weights-${i + 1}-of-${count}.bin`,
    content: bytes.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES),
  }))
  const json = {
    format: 'layers-model',
    generatedBy: `Studyhall engine ${ENGINE_VERSION}`,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: shards.map(({ name }) => name), weights: weightSpecs }],
    userDefinedMetadata: metadata,
  }
  return [{ name: 'model.json', content: Buffer.from(JSON.stringify(json)) }, ...shards]
}

/** A model as TF.js saves it. */
export async function artifactsOf(model: LayersModel): Promise<ModelArtifacts> {
  let artifacts: ModelArtifacts | undefined
  await model.save({
    save: async (saved) => {
      artifacts = saved as ModelArtifacts
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    },
  })
  if (!artifacts) throw new Error('TF.js did not hand over the saved model')
  return artifacts
}
