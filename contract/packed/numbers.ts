import { pairSeen, type Seen } from './identities.ts'
import { type AnySplit, numbersOf, type SplitName } from './manifest.ts'

/** Bytes per number in a blob: a little-endian int32. */
export const NUMBER_BYTES = 4

/** Decodes a blob of labels, identities or cameras. */
export function parseNumbers(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = bytes.byteLength / NUMBER_BYTES
  return Int32Array.from({ length: count }, (_, i) => view.getInt32(NUMBER_BYTES * i, true))
}

/** The inverse of `parseNumbers`. */
export function encodeNumbers(numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(numbers.length * NUMBER_BYTES))
  for (const [i, number] of numbers.entries()) view.setInt32(NUMBER_BYTES * i, number, true)
  return new Uint8Array(view.buffer)
}

/** The labels or identities of a split, one per image. */
export type PictureNumbers =
  /** Class indices. */
  | { are: 'CLASSES'; labels: Int32Array }
  /** Identities, and the camera of each image. */
  | { are: 'IDENTITIES'; labels: Int32Array; cameras: Int32Array }
  /** No image has a label: all are UNLABELLED. */
  | { are: 'NOTHING'; labels: Int32Array }

/** Stands for the label of an image that has none. */
export const UNLABELLED = -1

/** The labels of images that have none. */
export function noLabels(count: number): Int32Array {
  return new Int32Array(count).fill(UNLABELLED)
}

/** @param read  returns a blob's bytes */
export async function readNumbers(
  split: AnySplit,
  read: (sha256: string) => Promise<Uint8Array>,
): Promise<PictureNumbers> {
  const numbers = numbersOf(split)
  if (numbers.are === 'NOTHING') return { are: 'NOTHING', labels: noLabels(split.count) }
  const labels = parseNumbers(await read(numbers.sha256))
  if (numbers.are === 'CLASSES') return { are: 'CLASSES', labels }
  return { are: 'IDENTITIES', labels, cameras: parseNumbers(await read(numbers.camerasSha256)) }
}

/** The numbers of a whole version, by split. */
export type VersionNumbers = Readonly<Partial<Record<SplitName, PictureNumbers>>>

/** Class indices, or identities for query and gallery. @throws if the version has no such split */
export function labelsIn(numbers: VersionNumbers, split: SplitName): Int32Array {
  const found = numbers[split]
  if (!found) throw new Error(`the version has no split “${split}”`)
  return found.labels
}

/** @throws if the version has no such split, or the split has classes */
export function seenIn(numbers: VersionNumbers, split: SplitName): Seen[] {
  const found = numbers[split]
  if (found?.are !== 'IDENTITIES') throw new Error(`the version has no identities in “${split}”`)
  return pairSeen(found.labels, found.cameras)
}
