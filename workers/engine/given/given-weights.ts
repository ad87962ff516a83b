/** Weights that somebody brings along, as they stand in the file: names, shapes, and numbers that are read when asked for. */

import { MAX_WEIGHTS_FILE_BYTES } from '../../../contract/limits.ts'
import type { SourceForm } from '../../../contract/starting-weights.ts'

/** What is wrong with a file of weights, as a sentence for whoever gave it. */
export class GivenWeightsError extends Error {}

/** None of its names is one of such a network's. */
export class UnknownNamesError extends GivenWeightsError {}

export interface GivenTensor {
  shape: readonly number[]
  /** Row-major. */
  read(): Float32Array
}

export interface GivenWeights {
  form: SourceForm
  tensors: Map<string, GivenTensor>
  /** In the order of the posterior, where the file tells them. */
  classes: string[] | null
  /** Numbers in all tensors so far, each as often as a tensor has it: tensors can share their bytes. */
  elements?: number
}

/** Larger files are refused before anything in them is read. */
export const MAX_GIVEN_BYTES = MAX_WEIGHTS_FILE_BYTES
const MAX_TENSORS = 20_000
const MAX_RANK = 8
const MAX_NAME_LENGTH = 400

/**
 * Adds a tensor.
 * @throws GivenWeightsError where there are too many, or too many numbers in all, or its name or shape cannot be right
 */
export function addTensor(weights: GivenWeights, name: string, tensor: GivenTensor): void {
  const { tensors } = weights
  if (name === '' || name.length > MAX_NAME_LENGTH)
    throw new GivenWeightsError('a tensor in it has no name, or too long a one')
  if (tensors.has(name)) throw new GivenWeightsError(`it has two tensors ${quoted(name)}`)
  if (tensors.size >= MAX_TENSORS)
    throw new GivenWeightsError(`it has more than ${MAX_TENSORS.toLocaleString('en')} tensors`)
  const elements = (weights.elements ?? 0) + sizeOf(name, tensor.shape)
  if (elements * 4 > MAX_GIVEN_BYTES)
    throw new GivenWeightsError('its tensors together are larger than any model')
  weights.elements = elements
  tensors.set(name, tensor)
}

/** The number of elements. @throws GivenWeightsError if that is no shape */
export function sizeOf(name: string, shape: readonly number[]): number {
  const isShape = shape.length <= MAX_RANK && shape.every((length) => Number.isInteger(length) && length >= 0)
  const size = isShape ? shape.reduce((product, length) => product * length, 1) : Number.NaN
  if (!(size * 4 <= MAX_GIVEN_BYTES))
    throw new GivenWeightsError(`the shape of ${quoted(name)} cannot be right`)
  return size
}

/** A name out of a stranger's file, short enough for a sentence. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name)
}
