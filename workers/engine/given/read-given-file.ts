import { open, stat } from 'node:fs/promises'
import path from 'node:path'
import { unzipSync } from 'fflate'
import { type GivenWeights, GivenWeightsError, MAX_GIVEN_BYTES } from './given-weights.ts'
import { isHdf5, readHdf5 } from './read-hdf5.ts'
import { isSafetensors, readSafetensors } from './read-safetensors.ts'
import { readModelJson, readTfjs } from './read-tfjs.ts'
import { isLegacyTorch, readLegacyTorch, readZippedTorch } from './torch/read-state-dict.ts'

const KINDS =
  'a safetensors file, a PyTorch state_dict (.pth), a Keras model (.keras, .h5), or a zip with a TF.js layers model'
const MAX_ZIP_ENTRIES = 50_000

/**
 * Reads weights by what the file is, not by its name.
 * @returns the weights and the file's bytes, of which a hash may be taken
 * @throws GivenWeightsError with half a sentence about the file
 */
export async function readGivenFile(location: string): Promise<{ weights: GivenWeights; bytes: Buffer }> {
  const bytes = await readBounded(location)
  if (bytes[0] === 0x7b && path.basename(location).endsWith('.json'))
    return { weights: await readFolder(location, bytes), bytes }
  return { weights: requireTensors(await readGivenBytes(bytes)), bytes }
}

/** @throws GivenWeightsError with half a sentence about the file */
export async function readGivenBytes(bytes: Buffer): Promise<GivenWeights> {
  if (bytes.length > MAX_GIVEN_BYTES) throw tooLarge()
  try {
    if (isHdf5(bytes)) return await readHdf5(bytes)
    if (isLegacyTorch(bytes)) return readLegacyTorch(bytes)
    if (bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return await readZip(bytes)
    if (isSafetensors(bytes)) return readSafetensors(bytes)
  } catch (error) {
    if (error instanceof GivenWeightsError) throw error
    throw new GivenWeightsError('it is damaged')
  }
  throw new GivenWeightsError(`it is none of the kinds that are read: ${KINDS}`)
}

async function readBounded(location: string): Promise<Buffer> {
  try {
    if ((await stat(location)).size > MAX_GIVEN_BYTES) throw tooLarge()
    const file = await open(location)
    try {
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof GivenWeightsError) throw error
    throw new GivenWeightsError(`it cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

function tooLarge(): GivenWeightsError {
  return new GivenWeightsError(`it is larger than ${MAX_GIVEN_BYTES / 2 ** 30} GiB`)
}

function requireTensors(weights: GivenWeights): GivenWeights {
  if (weights.tensors.size === 0) throw new GivenWeightsError('it has no tensors of floats')
  return weights
}

/** A TF.js model as its files lie beside each other. */
async function readFolder(location: string, modelJson: Buffer): Promise<GivenWeights> {
  const shards = new Map<string, Buffer>()
  for (const { paths } of readModelJson(modelJson).weightsManifest)
    for (const name of paths) {
      if (path.basename(name) !== name) throw new GivenWeightsError('its weights do not lie beside it')
      shards.set(name, await readBounded(path.join(path.dirname(location), name)))
    }
  return requireTensors(readTfjs(modelJson, (name) => shards.get(name)))
}

async function readZip(bytes: Buffer): Promise<GivenWeights> {
  const files = unzip(bytes)
  const find = (name: string) => [...files].find(([path]) => path === name || path.endsWith(`/${name}`))
  const [modelJson, modelPath] = [find('model.json')?.[1], find('model.json')?.[0] ?? '']
  const folder = modelPath.slice(0, -'model.json'.length)
  if (modelJson) return readTfjs(modelJson, (name) => files.get(`${folder}${name}`))
  const keras = files.get('model.weights.h5')
  if (keras) return readHdf5(Buffer.from(keras))
  const safetensors = find('model.safetensors')?.[1]
  if (safetensors) return readSafetensors(Buffer.from(safetensors))
  if (find('data.pkl')) return readZippedTorch(files)
  throw new GivenWeightsError(
    'it is a zip without a model in it: neither model.json, model.weights.h5, model.safetensors nor PyTorch’s data.pkl',
  )
}

function unzip(bytes: Buffer): Map<string, Uint8Array> {
  let [total, entries] = [0, 0]
  const files = unzipSync(bytes, {
    filter({ size, originalSize }) {
      // What is stored as it is, is copied by the first, whatever the second says.
      total += Math.max(size, originalSize)
      if (++entries > MAX_ZIP_ENTRIES || total > MAX_GIVEN_BYTES)
        throw new GivenWeightsError('unpacked it is larger than any model')
      return true
    },
  })
  return new Map(Object.entries(files))
}
