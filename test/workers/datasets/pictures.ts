import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import sharp, { type Sharp } from 'sharp'
import yazl from 'yazl'

export interface Pixels {
  width: number
  height: number
  channels: 1 | 3
  data: Buffer
}

/** An image whose every byte depends on `seed`, so that two are never equal. */
export function makePixels(seed: number, width = 8, height = 8, channels: 1 | 3 = 3): Pixels {
  const data = Buffer.alloc(width * height * channels)
  let state = (seed + 1) * 2654435761
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    data[i] = state >>> 24
  }
  return { width, height, channels, data }
}

export function encode({ data, width, height, channels }: Pixels): Sharp {
  const picture = sharp(data, { raw: { width, height, channels } })
  return channels === 1 ? picture.toColourspace('b-w') : picture
}

export function png(seed: number, width?: number, height?: number, channels?: 1 | 3): Promise<Buffer> {
  return encode(makePixels(seed, width, height, channels))
    .png()
    .toBuffer()
}

/** Writes an ordinary zip, entries in the order given. */
export async function writeZip(file: string, entries: Record<string, Buffer | string>): Promise<string> {
  const zip = new yazl.ZipFile()
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name)
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
  return file
}

/** `train/<class>/n.png` and `test/<class>/n.png` of two classes, told apart by their brightness. */
export async function twoClasses(perClass: number, size = 8): Promise<Record<string, Buffer>> {
  const entries: Record<string, Buffer> = {}
  for (const [split, count] of [
    ['train', perClass],
    ['test', Math.ceil(perClass / 4)],
  ] as const) {
    for (const [label, name] of ['dark', 'light'].entries()) {
      for (let i = 0; i < count; i++) {
        const pixels = makePixels(i * 4 + label * 2 + (split === 'test' ? 1 : 0), size, size)
        for (let j = 0; j < pixels.data.length; j++) pixels.data[j] = (pixels.data[j]! >> 1) + label * 128
        entries[`${split}/${name}/${i}.png`] = await encode(pixels).png().toBuffer()
      }
    }
  }
  return entries
}

/** `makePixels(7)` in a BMP of 8 x 8 as Windows writes it: the lowest row first, blue before red. */
export function bmp(bits: 24 | 32, masks?: number[]): Buffer {
  const header = Buffer.alloc(masks ? 122 : 54)
  header.write('BM')
  header.writeUInt32LE(header.length, 10)
  header.writeUInt32LE(header.length - 14, 14)
  header.writeInt32LE(8, 18)
  header.writeInt32LE(8, 22)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(bits, 28)
  header.writeUInt32LE(masks ? 3 : 0, 30)
  for (const [i, mask] of (masks ?? []).entries()) header.writeUInt32LE(mask, 54 + 4 * i)
  const { data } = makePixels(7)
  const rows = Array.from({ length: 8 }, (_, y) => data.subarray((7 - y) * 24, (8 - y) * 24))
  const turned = rows.flatMap((row) =>
    Array.from({ length: 8 }, (_, x) => [
      row[3 * x + 2]!,
      row[3 * x + 1]!,
      row[3 * x]!,
      ...(bits === 32 ? [0] : []),
    ]),
  )
  return Buffer.concat([header, Buffer.from(turned.flat())])
}
