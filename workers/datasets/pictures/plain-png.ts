import zlib from 'node:zlib'
import type { PictureShape } from './picture-shape.ts'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
/** They are told to people, and change no pixel. */
const PASSED_OVER: ReadonlySet<string> = new Set(['pHYs', 'tEXt', 'tIME'])
const GREY = 0
const RGB = 2

export interface PlainPng {
  shape: PictureShape
  /** The filtered rows, compressed by zlib. */
  packed: Buffer
}

/**
 * A PNG that is nothing but its pixels: 8 bits, grey or RGB, not interlaced, every checksum right, and no chunk that would
 * have them seen otherwise, such as a palette, a transparent colour, EXIF or a colour profile. Undefined of all others.
 */
export function readPlainPng(bytes: Buffer): PlainPng | undefined {
  let shape: PictureShape | undefined
  const packed: Buffer[] = []
  for (const { type, data } of chunksOf(bytes)) {
    if (type === 'IEND') return shape && { shape, packed: Buffer.concat(packed) }
    if (type === 'IHDR' && !shape) {
      shape = readHeader(data)
      if (!shape) return undefined
    } else if (type === 'IDAT' && shape) packed.push(data)
    else if (!PASSED_OVER.has(type)) return undefined
  }
  return undefined
}

/** The chunks up to the first that is damaged or cut off. */
function* chunksOf(bytes: Buffer) {
  // Node 20.15 brought crc32; before, sharp decodes them all.
  if (!zlib.crc32 || !bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return
  for (let start = SIGNATURE.length; start + 12 <= bytes.length; ) {
    const end = start + 8 + bytes.readUInt32BE(start)
    if (end + 4 > bytes.length || zlib.crc32(bytes.subarray(start + 4, end)) !== bytes.readUInt32BE(end))
      return
    yield { type: bytes.toString('latin1', start + 4, start + 8), data: bytes.subarray(start + 8, end) }
    start = end + 4
  }
}

function readHeader(header: Buffer): PictureShape | undefined {
  if (header.length !== 13) return undefined
  const [height, width] = [header.readUInt32BE(4), header.readUInt32BE(0)]
  const [bits, colour, ...methods] = header.subarray(8)
  const isPlain = bits === 8 && (colour === GREY || colour === RGB) && methods.every((method) => method === 0)
  if (!isPlain || height === 0 || width === 0) return undefined
  return { height, width, channels: colour === GREY ? 1 : 3 }
}
