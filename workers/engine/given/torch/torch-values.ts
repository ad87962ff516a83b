import { PickleError } from '../../../pickle/pickle-source.ts'
import { isKind, type PickleDictionary, type PickleValue } from '../../../pickle/pickle-values.ts'

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
export type TorchMade = TorchStorage | TorchTensor
export type TorchValue = PickleValue<TorchMade>
export type TorchDictionary = PickleDictionary<TorchMade>

/** Of a list or a tuple, which PyTorch's versions do not agree on. @throws PickleError where it is neither */
export function itemsOf(value: TorchValue | undefined): TorchValue[] {
  if (value !== undefined && (isKind(value, 'tuple') || isKind(value, 'list'))) return value.items
  throw new PickleError('a list was expected in it, and something else is there')
}

/** @throws PickleError where one of them is no whole number of 0 or more */
export function asCounts(value: TorchValue | undefined): number[] {
  return itemsOf(value).map((item) => asCount(item))
}

export function asCount(value: TorchValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new PickleError('a number in it cannot be right')
}
