import { strFromU8, unzipSync } from 'fflate'
import { FITS, type Preparation } from '../../../../contract/packed/preparation.ts'
import * as z from '../../../forms/zod.ts'
import type { Network, TensorFlow } from './load-tensorflow.ts'

const MODEL = 'model.json'
const Size = z.object({ height: z.number().int().positive(), width: z.number().int().positive() })

/** The part of `model.json` that is used here. */
const ModelJson = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({ name: z.string(), shape: z.array(z.number()), dtype: z.literal('float32') }),
      ),
    }),
  ),
  userDefinedMetadata: z.object({
    classes: z.array(z.string()).min(1),
    input: Size.extend({ channels: z.union([z.literal(1), z.literal(3)]) }),
    pictures: Size.optional(),
    normalization: z.object({ means: z.array(z.number()).min(1) }).optional(),
    preparation: z
      .object({ fit: z.enum(FITS), background: z.nullable(z.string().regex(/^#[0-9a-f]{6}$/)) })
      .optional(),
  }),
})

/** A downloaded student that has not been loaded to a backend yet. */
export interface ModelFile {
  topology: Record<string, unknown>
  weightSpecs: { name: string; shape: number[]; dtype: 'float32' }[]
  weights: ArrayBuffer
  /** In the order of the posterior. */
  classes: string[]
  /** Input size. */
  input: { height: number; width: number; channels: 1 | 3 }
  /** The size that an image is cropped to before being stretched to the input size. */
  pictures: { height: number; width: number }
  /** Each channel's mean, 0..1, which the network takes away; models of other makers may not say. */
  means?: readonly number[] | undefined
  /** What an image goes through to reach that size; models exported earlier do not say. */
  preparation?: Preparation | undefined
}

/** Unzips a model in TFJS format. @throws an error with a message for users */
export function readModel(zip: Uint8Array): ModelFile {
  const files = unzip(zip)
  const { modelTopology, weightsManifest, userDefinedMetadata } = parse(files[MODEL])
  const { classes, input, pictures = input, normalization, preparation } = userDefinedMetadata
  return {
    topology: modelTopology,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weights: join(weightsManifest.flatMap(({ paths }) => paths).map((path) => files[path])),
    classes,
    input,
    pictures,
    means: normalization?.means,
    preparation,
  }
}

/** Builds a network on the active backend; the caller disposes of it. */
export function buildNetwork(tf: TensorFlow, file: ModelFile): Promise<Network> {
  return tf.loadLayersModel({
    load: async () => ({
      modelTopology: file.topology,
      weightSpecs: file.weightSpecs,
      weightData: file.weights,
    }),
  })
}

function unzip(zip: Uint8Array): Record<string, Uint8Array | undefined> {
  try {
    return unzipSync(zip, { filter: ({ name }) => name === MODEL || name.endsWith('.bin') })
  } catch (error) {
    throw new Error('The model’s zip cannot be read.', { cause: error })
  }
}

function parse(json: Uint8Array | undefined) {
  if (!json) throw new Error('There is no model.json in the zip.')
  const parsed = ModelJson.safeParse(JSON.parse(strFromU8(json)))
  if (!parsed.success) throw new Error(`model.json is not as expected: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

function join(shards: (Uint8Array | undefined)[]): ArrayBuffer {
  const bytes = new Uint8Array(shards.reduce((sum, shard) => sum + (shard?.length ?? 0), 0))
  let offset = 0
  for (const shard of shards) {
    if (!shard) throw new Error('A file with weights is missing in the zip.')
    bytes.set(shard, offset)
    offset += shard.length
  }
  return bytes.buffer
}
