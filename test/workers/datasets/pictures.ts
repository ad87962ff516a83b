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
