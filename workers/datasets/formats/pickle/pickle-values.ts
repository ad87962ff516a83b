import { type FarBytes, PickleError } from './pickle-bytes.ts'

/** An array of uint8, in C order. */
export interface ByteArray {
  shape: number[]
  /** Where they lie in the file, or themselves where the file has them in other words. */
  bytes: FarBytes | Buffer
}

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleList
  | PickleTuple
  | PickleDictionary
  /** A string too long for memory; of a text, the bytes are its UTF-8. */
  | { kind: 'far'; bytes: FarBytes; isText: boolean }
  /** Decoded from what the file has in their place. */
  | { kind: 'bytes'; bytes: Buffer }
  | { kind: 'array'; array: ByteArray | undefined }
  | { kind: 'dtype'; isBytes: boolean }
  | { kind: 'name'; name: string }

export interface PickleList {
  kind: 'list'
  items: PickleValue[]
}
interface PickleTuple {
  kind: 'tuple'
  items: PickleValue[]
}
export interface PickleDictionary {
  kind: 'dictionary'
  entries: Map<string, PickleValue>
}

type Kinds = Extract<PickleValue, { kind: string }>
type OfKind<Kind extends Kinds['kind']> = Extract<Kinds, { kind: Kind }>

export function isKind<Kind extends Kinds['kind']>(
  value: PickleValue | undefined,
  kind: Kind,
): value is OfKind<Kind> {
  return typeof value === 'object' && value !== null && value.kind === kind
}

/** @throws PickleError where it is of another kind */
export function asKind<Kind extends Kinds['kind']>(value: PickleValue | undefined, kind: Kind): OfKind<Kind> {
  if (isKind(value, kind)) return value
  throw new PickleError(`a ${kind} was expected in it, and something else is there`)
}
