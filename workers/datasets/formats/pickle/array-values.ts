import type * as pickle from '../../../pickle/pickle-values.ts'
import type { FarBytes } from './pickle-bytes.ts'

/** An array of uint8, in C order. */
export interface ByteArray {
  shape: number[]
  /** Where they lie in the file, or themselves where the file has them in other words. */
  bytes: FarBytes | Buffer
}

/** What CIFAR's files have beside what every pickle has. */
export type ArrayPart =
  /** A string too long for memory; of a text, the bytes are its UTF-8. */
  | { kind: 'far'; bytes: FarBytes; isText: boolean }
  /** Decoded from what the file has in their place. */
  | { kind: 'bytes'; bytes: Buffer }
  | { kind: 'array'; array: ByteArray | undefined }
  | { kind: 'dtype'; isBytes: boolean }

export type PickleValue = pickle.PickleValue<ArrayPart>
export type PickleDictionary = pickle.PickleDictionary<ArrayPart>
