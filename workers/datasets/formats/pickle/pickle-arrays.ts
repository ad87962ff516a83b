import { PickleError } from '../../../pickle/pickle-source.ts'
import { asKind, isKind } from '../../../pickle/pickle-values.ts'
import type { ByteArray, PickleValue } from './array-values.ts'
import { latin1Of } from './pickle-texts.ts'

/** @throws PickleError where it is no array of bytes in C order */
export function arrayOf(
  shape: PickleValue | undefined,
  dtype: PickleValue | undefined,
  isInOrder: boolean,
  bytes: PickleValue | undefined,
): ByteArray {
  const sizes = asKind(shape, 'tuple').items
  if (!isKind(dtype, 'dtype') || !dtype.isBytes || !isInOrder)
    throw new PickleError('its array is not one of bytes in C order')
  if (!sizes.every((size) => typeof size === 'number')) throw new PickleError('its array has no shape')
  return { shape: sizes as number[], bytes: bytesOf(bytes) }
}

function bytesOf(value: PickleValue | undefined): ByteArray['bytes'] {
  if (typeof value === 'string') return latin1Of(value)
  if (isKind(value, 'bytes')) return value.bytes
  const far = asKind(value, 'far')
  if (far.isText) throw new PickleError('its array is a text')
  return far.bytes
}
