import type { PictureShape } from './picture-shape.ts'

/** Second bytes of the markers that are told apart here (ITU-T T.81, table B.1). */
const [SOI, SOS, APP0, COM, DHT, DQT, DRI, BASELINE, PROGRESSIVE] = [
  0xd8, 0xda, 0xe0, 0xfe, 0xc4, 0xdb, 0xdd, 0xc0, 0xc2,
]
const PASSED_OVER: ReadonlySet<number | undefined> = new Set([APP0, COM, DHT, DQT, DRI])
const SCAN = Buffer.from([0xff, SOS])
/** Encoders write ten or so; each costs as much as an image. */
const MAX_SCANS = 20

/**
 * The shape of a JPEG that is nothing but its pixels: 8 bits, Huffman codes, grey or YCbCr, and no segment that would have
 * them turned or coloured otherwise, such as EXIF, a colour profile or Adobe's. Undefined of all others, damaged ones among them.
 */
export function readPlainJpeg(bytes: Buffer): PictureShape | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return undefined
  let shape: PictureShape | undefined
  for (const { marker, start, end } of segmentsOf(bytes)) {
    if (marker === SOS) return countScans(bytes, start) <= MAX_SCANS ? shape : undefined
    if ((marker === BASELINE || marker === PROGRESSIVE) && !shape) {
      shape = readFrame(bytes.subarray(start + 4, end))
      if (!shape) return undefined
    } else if (!PASSED_OVER.has(marker)) return undefined
  }
  return undefined
}

/** The segments up to the first that is cut off. */
function* segmentsOf(bytes: Buffer) {
  for (let start = 2; start + 4 <= bytes.length && bytes[start] === 0xff; ) {
    const end = start + 2 + bytes.readUInt16BE(start + 2)
    if (end > bytes.length) return
    yield { marker: bytes[start + 1], start, end }
    start = end
  }
}

/** Of a frame header (B.2.2) without its marker and length. */
function readFrame(frame: Buffer): PictureShape | undefined {
  const channels = frame[5]
  if ((channels !== 1 && channels !== 3) || frame.length !== 6 + 3 * channels || frame[0] !== 8)
    return undefined
  const height = frame.readUInt16BE(1)
  const width = frame.readUInt16BE(3)
  return height > 0 && width > 0 ? { height, width, channels } : undefined
}

function countScans(bytes: Buffer, first: number): number {
  let scans = 0
  for (let at = first; at >= 0 && scans <= MAX_SCANS; at = bytes.indexOf(SCAN, at + 2)) scans++
  return scans
}
