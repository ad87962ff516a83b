import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { readPlainPng } from '../../../workers/datasets/pictures/plain-png.ts'
import { decodePng } from '../../../workers/datasets/pictures/quick-png.ts'
import { encode, makePixels } from './pictures.ts'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** Colour types: grey, RGB, palette, and both with transparency. */
const [GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA] = [0, 2, 3, 4, 6]

type Chunk = [type: string, data: Buffer]

function craftPng(chunks: Chunk[]): Buffer {
  const written = chunks.map(([type, data]) => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    checksum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, checksum])
  })
  return Buffer.concat([SIGNATURE, ...written])
}

function header(side: number, colour = RGB, bits = 8, interlaced = 0): Chunk {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(side, 0)
  data.writeUInt32BE(side, 4)
  data.set([bits, colour, 0, 0, interlaced], 8)
  return ['IHDR', data]
}

/** Rows of any bytes, each led by the number of its filter: all of them are images. */
function rowsOf(side: number, channels: number, filterOf: (row: number) => number): Buffer {
  const rows = Buffer.from(makePixels(7, side * channels + 1, side, 1).data)
  for (let y = 0; y < side; y++) rows[y * (side * channels + 1)] = filterOf(y)
  return rows
}

const END: Chunk = ['IEND', Buffer.alloc(0)]

function pictureOf(rows: Buffer, colour = RGB, side = 8): Buffer {
  return craftPng([header(side, colour), ['IDAT', deflateSync(rows)], END])
}

function decode(png: Buffer): Buffer | undefined {
  const plain = readPlainPng(png)
  return plain && decodePng(plain)
}

function decodeBySharp(png: Buffer, channels: number): Promise<Buffer> {
  return sharp(png, { failOn: 'warning' })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer()
}

describe('a plain PNG', () => {
  it.each([0, 1, 2, 3, 4])('with rows of filter %i has the pixels that sharp finds in it', async (filter) => {
    for (const [colour, channels] of [
      [GREY, 1],
      [RGB, 3],
    ] as const) {
      const png = pictureOf(
        rowsOf(8, channels, () => filter),
        colour,
      )
      expect(readPlainPng(png)?.shape).toEqual({ height: 8, width: 8, channels })
      expect(decode(png)?.equals(await decodeBySharp(png, channels))).toBe(true)
    }
  })

  it('may change the filter from row to row, and come in several parts and with a comment', async () => {
    const packed = deflateSync(rowsOf(40, 3, (row) => row % 5))
    const png = craftPng([
      header(40),
      ['tEXt', Buffer.from('Comment\0drawn')],
      ['IDAT', packed.subarray(0, 50)],
      ['IDAT', packed.subarray(50)],
      END,
    ])
    expect(decode(png)?.equals(await decodeBySharp(png, 3))).toBe(true)
  })

  it.each([1, 3] as const)('as sharp writes it in %i channels keeps every byte', async (channels) => {
    for (const [width, height] of [
      [1, 1],
      [17, 33],
      [128, 128],
    ] as const) {
      const pixels = makePixels(width, width, height, channels)
      for (const adaptiveFiltering of [false, true])
        expect(decode(await encode(pixels).png({ adaptiveFiltering }).toBuffer())).toEqual(pixels.data)
    }
  })
})

describe('a PNG that is more than its pixels is left to sharp', () => {
  it.each([
    ['16 bits', header(8, RGB, 16)],
    ['4 bits', header(8, GREY, 4)],
    ['a palette', header(8, PALETTE)],
    ['grey with transparency', header(8, GREY_ALPHA)],
    ['colours with transparency', header(8, RGB_ALPHA)],
    ['an interlaced one', header(8, RGB, 8, 1)],
  ])('%s', (_, itsHeader) => {
    const packed: Chunk = ['IDAT', deflateSync(rowsOf(8, 3, () => 0))]
    expect(readPlainPng(craftPng([header(8), packed, END]))).toBeDefined()
    expect(readPlainPng(craftPng([itsHeader, packed, END]))).toBeUndefined()
  })

  it.each(['tRNS', 'gAMA', 'iCCP', 'sRGB', 'eXIf', 'acTL'])('one with a chunk %s', (type) => {
    const packed: Chunk = ['IDAT', deflateSync(rowsOf(8, 3, () => 0))]
    expect(readPlainPng(craftPng([header(8), [type, Buffer.alloc(6)], packed, END]))).toBeUndefined()
  })
})

describe('a damaged PNG is left to sharp', () => {
  it('wherever it is cut off or a bit is flipped', () => {
    const png = pictureOf(rowsOf(8, 3, (row) => row % 5))
    expect(decode(png)).toBeDefined()
    for (let at = 0; at < png.length; at++) {
      expect(decode(png.subarray(0, at))).toBeUndefined()
      const flipped = Buffer.from(png)
      flipped[at]! ^= 1 << (at % 8)
      expect(decode(flipped), `byte ${at}`).toBeUndefined()
    }
  })

  it('where its rows are more or fewer than it says, with checksums that are right', () => {
    const rows = rowsOf(8, 3, () => 0)
    expect(decode(pictureOf(Buffer.concat([rows, rows])))).toBeUndefined()
    expect(decode(pictureOf(rows.subarray(25)))).toBeUndefined()
    expect(decode(pictureOf(Buffer.alloc(4 << 20)))).toBeUndefined()
    expect(decode(pictureOf(rowsOf(8, 3, () => 5)))).toBeUndefined()
    const behind = Buffer.concat([deflateSync(rows), Buffer.from('more')])
    expect(decode(craftPng([header(8), ['IDAT', behind], END]))).toBeUndefined()
    expect(decode(craftPng([header(8), ['IDAT', deflateSync(rows)]]))).toBeUndefined()
  })
})
