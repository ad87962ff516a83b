import { GivenWeightsError } from '../given-weights.ts'

/** Where a tensor's numbers lie: a storage's key, and its element type by PyTorch's name. */
export interface TorchStorage {
  kind: 'storage'
  key: string
  type: string
  elements: number
}
export interface TorchTensor {
  kind: 'tensor'
  storage: TorchStorage
  offset: number
  shape: number[]
  strides: number[]
}
export interface TorchDictionary {
  kind: 'dictionary'
  entries: Map<string, TorchValue>
}
export type TorchValue =
  | null
  | boolean
  | number
  | string
  | { kind: 'sequence'; items: TorchValue[] }
  | TorchDictionary
  | { kind: 'name'; name: string }
  | TorchStorage
  | TorchTensor

type Kinds = Extract<TorchValue, { kind: string }>

export function isTorch<Kind extends Kinds['kind']>(
  value: TorchValue | undefined,
  kind: Kind,
): value is Extract<Kinds, { kind: Kind }> {
  return typeof value === 'object' && value !== null && value.kind === kind
}

/** @throws GivenWeightsError where it is of another kind */
export function asTorch<Kind extends Kinds['kind']>(
  value: TorchValue | undefined,
  kind: Kind,
): Extract<Kinds, { kind: Kind }> {
  if (isTorch(value, kind)) return value
  throw new GivenWeightsError(`a ${kind} was expected in its pickle, and something else is there`)
}

/** @throws GivenWeightsError where one of them is no whole number of 0 or more */
export function asCounts(value: TorchValue | undefined): number[] {
  return asTorch(value, 'sequence').items.map((item) => asCount(item))
}

export function asCount(value: TorchValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new GivenWeightsError('a number in its pickle cannot be right')
}
