import { InvalidDatasetError } from '../../archives/invalid-dataset-error.ts'

/**
 * Unpacks a block of Snappy (https://github.com/google/snappy/blob/main/format_description.txt).
 * @param byteLength  what it must come to
 * @throws InvalidDatasetError where it does not
 */
export function unpackSnappy(packed: Buffer, byteLength: number): Buffer {
  const unpacked = Buffer.alloc(byteLength)
  const place = { from: lengthOfPreamble(packed), to: 0 }
  while (place.from < packed.length) {
    const tag = packed[place.from++] ?? 0
    if ((tag & 3) === 0) copyLiteral(packed, unpacked, place, tag)
    else copyEarlier(packed, unpacked, place, tag)
  }
  if (place.to !== byteLength) throw damaged()
  return unpacked
}

interface Place {
  from: number
  to: number
}

function copyLiteral(packed: Buffer, unpacked: Buffer, place: Place, tag: number): void {
  const extra = Math.max(0, (tag >> 2) - 59)
  const length = 1 + (extra === 0 ? tag >> 2 : littleEndian(packed, place.from, extra))
  place.from += extra
  if (place.from + length > packed.length || place.to + length > unpacked.length) throw damaged()
  packed.copy(unpacked, place.to, place.from, place.from + length)
  place.from += length
  place.to += length
}

function copyEarlier(packed: Buffer, unpacked: Buffer, place: Place, tag: number): void {
  const isShort = (tag & 3) === 1
  const bytes = isShort ? 1 : (tag & 3) === 2 ? 2 : 4
  const length = isShort ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2)
  const offset = littleEndian(packed, place.from, bytes) + (isShort ? (tag >> 5) << 8 : 0)
  place.from += bytes
  const { to } = place
  if (offset === 0 || offset > to || to + length > unpacked.length) throw damaged()
  if (offset >= length) unpacked.copy(unpacked, to, to - offset, to - offset + length)
  // Byte by byte where it overlaps itself, as runs do.
  else for (let i = 0; i < length; i++) unpacked[to + i] = unpacked[to + i - offset] ?? 0
  place.to += length
}

function lengthOfPreamble(packed: Buffer): number {
  const end = packed.subarray(0, 5).findIndex((byte) => byte < 128)
  if (end < 0) throw damaged()
  return end + 1
}

function littleEndian(bytes: Buffer, at: number, length: number): number {
  if (at + length > bytes.length) throw damaged()
  return bytes.readUIntLE(at, length)
}

function damaged(): InvalidDatasetError {
  return new InvalidDatasetError('a page of it is damaged: it cannot be unpacked')
}
