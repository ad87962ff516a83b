import { z } from 'zod'
import { decodeFloats } from './floats.ts'
import {
  addTensor,
  type GivenWeights,
  GivenWeightsError,
  MAX_GIVEN_BYTES,
  quoted,
  sizeOf,
} from './given-weights.ts'

const Manifest = z.array(
  z.object({
    paths: z.array(z.string().max(300)).max(10_000),
    weights: z.array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(0)),
        dtype: z.string(),
        quantization: z.unknown().optional(),
      }),
    ),
  }),
)
const ModelJson = z.object({
  format: z.string().optional(),
  weightsManifest: Manifest,
  userDefinedMetadata: z
    .object({ classes: z.array(z.string()).min(1).optional().catch(undefined) })
    .optional()
    .catch(undefined),
})

/** The shards that a model.json names. @throws GivenWeightsError if it is none */
export function readModelJson(bytes: Uint8Array): z.infer<typeof ModelJson> {
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw new GivenWeightsError('its model.json is no JSON')
  }
  const parsed = ModelJson.safeParse(json)
  if (!parsed.success) throw new GivenWeightsError('its model.json has no list of weights')
  if (parsed.data.format === 'graph-model')
    throw new GivenWeightsError(
      'it is a TF.js graph model, whose layers have no names any more; take a layers model',
    )
  return parsed.data
}

/** A TF.js layers model. @param find  the bytes of a shard by the path in model.json */
export function readTfjs(
  modelJson: Uint8Array,
  find: (path: string) => Uint8Array | undefined,
): GivenWeights {
  const { weightsManifest, userDefinedMetadata } = readModelJson(modelJson)
  const weights: GivenWeights = {
    form: 'TFJS',
    tensors: new Map(),
    classes: userDefinedMetadata?.classes ?? null,
  }
  let total = 0
  for (const group of weightsManifest) {
    const bytes = Buffer.concat(
      group.paths.map((path) => {
        const shard = find(path)
        if (!shard) throw new GivenWeightsError(`its weights ${quoted(path)} are missing`)
        // A shard can be named any number of times.
        total += shard.length
        if (total > MAX_GIVEN_BYTES)
          throw new GivenWeightsError('its weights together are larger than any model')
        return shard
      }),
    )
    let start = 0
    for (const { name, shape, dtype, quantization } of group.weights) {
      if (dtype !== 'float32' || quantization !== undefined)
        throw new GivenWeightsError(`the tensor ${quoted(name)} is not one of float32 as it is`)
      const end = start + sizeOf(name, shape) * 4
      if (end > bytes.length) throw new GivenWeightsError(`the tensor ${quoted(name)} is cut off`)
      const own = bytes.subarray(start, end)
      addTensor(weights, name, { shape, read: () => decodeFloats(own, 'F32') })
      start = end
    }
  }
  return weights
}
