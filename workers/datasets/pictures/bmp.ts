// biome-ignore-all lint/style/noNonNullAssertion: rows and palette were measured before they are read

import { UnreadableFileError } from '../archives/unreadable-file-error.ts'

export interface Bitmap {
  height: number
  width: number
  channels: 3 | 4
  /** uint8, HWC. */
  pixels: Buffer
}

interface Layout {
  height: number
  width: number
  /** The lowest row comes first, as a rule. */
  isTopDown: boolean
  bits: number
  /** Bytes from one row to the next. */
  stride: number
  start: number
  palette: Buffer
  /** Of 16 and 32 bits: which of them are red, green, blue and alpha. */
  masks: [number, number, number, number]
}

const [NONE, BITFIELDS, ALPHA_BITFIELDS] = [0, 3, 6]
const MASKS_16: Layout['masks'] = [0x7c00, 0x3e0, 0x1f, 0]
const MASKS_32: Layout['masks'] = [0xff0000, 0xff00, 0xff, 0]

/**
 * Decodes a BMP, the one format of old that sharp does not: 1, 4, 8, 16, 24 or 32 bits, not run-length coded.
 * @throws UnreadableFileError
 */
export function decodeBmp(bytes: Buffer, maxPixels: number): Bitmap {
  const layout = readLayout(bytes)
  const { height, width } = layout
  if (height * width > maxPixels) throw new UnreadableFileError(`${width}×${height} is more than is allowed`)
  const channels = layout.masks[3] === 0 ? 3 : 4
  const pixels = Buffer.allocUnsafe(height * width * channels)
  const write = layout.bits <= 8 ? writeIndexed : layout.bits === 24 ? writeBgr : writeMasked
  for (let y = 0; y < height; y++) {
    const row = layout.start + (layout.isTopDown ? y : height - 1 - y) * layout.stride
    write(layout, bytes.subarray(row, row + layout.stride), pixels, y * width * channels)
  }
  // Many programs write an alpha of nothing into images that are opaque; no viewer shows those as empty.
  if (channels === 4 && pixels.every((byte, i) => i % 4 !== 3 || byte === 0))
    for (let i = 3; i < pixels.length; i += 4) pixels[i] = 255
  return { height, width, channels, pixels }
}

/** Its size alone. @throws UnreadableFileError */
export function readBmpSize(bytes: Buffer): { height: number; width: number } {
  const { height, width } = readLayout(bytes)
  return { height, width }
}

function readLayout(bytes: Buffer): Layout {
  if (bytes.length < 54) throw cutShort()
  const headerBytes = bytes.readUInt32LE(14)
  if (headerBytes < 40) throw new UnreadableFileError('it is a BMP of OS/2; save it as PNG')
  const [width, signedHeight] = [bytes.readInt32LE(18), bytes.readInt32LE(22)]
  const [bits, compression] = [bytes.readUInt16LE(28), bytes.readUInt32LE(30)]
  const height = Math.abs(signedHeight)
  if (![NONE, BITFIELDS, ALPHA_BITFIELDS].includes(compression))
    throw new UnreadableFileError('it is a BMP that is compressed; save it as PNG')
  if (![1, 4, 8, 16, 24, 32].includes(bits) || width <= 0 || height === 0)
    throw new UnreadableFileError('it cannot be decoded: it is a damaged BMP')
  const stride = Math.ceil((width * bits) / 32) * 4
  const start = bytes.readUInt32LE(10)
  if (start + stride * height > bytes.length) throw cutShort()
  const masks = compression === NONE ? (bits === 16 ? MASKS_16 : MASKS_32) : readMasks(bytes, headerBytes)
  const isTopDown = signedHeight < 0
  return {
    height,
    width,
    isTopDown,
    bits,
    stride,
    start,
    masks,
    palette: readPalette(bytes, headerBytes, bits),
  }
}

/** They stand in the header, or right behind a short one, which has none for alpha. */
function readMasks(bytes: Buffer, headerBytes: number): Layout['masks'] {
  if (bytes.length < 70) throw cutShort()
  const alpha = headerBytes >= 56 ? bytes.readUInt32LE(66) : 0
  return [bytes.readUInt32LE(54), bytes.readUInt32LE(58), bytes.readUInt32LE(62), alpha]
}

/** As many colours as an index can name: those that the file leaves out are black. */
function readPalette(bytes: Buffer, headerBytes: number, bits: number): Buffer {
  if (bits > 8) return Buffer.alloc(0)
  const palette = Buffer.alloc(4 << bits)
  const count = Math.min(1 << bits, bytes.readUInt32LE(46) || 1 << bits)
  bytes.copy(palette, 0, 14 + headerBytes, 14 + headerBytes + 4 * count)
  return palette
}

function writeIndexed({ bits, width, palette }: Layout, row: Buffer, pixels: Buffer, start: number): void {
  const mask = (1 << bits) - 1
  for (let x = 0, to = start; x < width; x++) {
    const bit = x * bits
    const colour = 4 * ((row[bit >> 3]! >> (8 - bits - (bit & 7))) & mask)
    pixels[to++] = palette[colour + 2]!
    pixels[to++] = palette[colour + 1]!
    pixels[to++] = palette[colour]!
  }
}

function writeBgr({ width }: Layout, row: Buffer, pixels: Buffer, start: number): void {
  for (let from = 0, to = start; from < 3 * width; from += 3) {
    pixels[to++] = row[from + 2]!
    pixels[to++] = row[from + 1]!
    pixels[to++] = row[from]!
  }
}

function writeMasked({ bits, width, masks }: Layout, row: Buffer, pixels: Buffer, start: number): void {
  const parts = masks
    .filter((mask) => mask !== 0)
    .map((mask) => ({ mask, shift: 31 - Math.clz32(mask & -mask) }))
  let to = start
  for (let x = 0; x < width; x++) {
    const value = bits === 16 ? row.readUInt16LE(2 * x) : row.readUInt32LE(4 * x)
    for (const { mask, shift } of parts)
      pixels[to++] = Math.round((255 * ((value & mask) >>> shift)) / (mask >>> shift))
  }
}

function cutShort(): UnreadableFileError {
  return new UnreadableFileError('it cannot be decoded: it is damaged or cut short')
}
