import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { recognisePicture } from '../../web/features/try/picture/recognise-picture.ts'
import { type Rgba, resizeAndCrop } from '../../web/features/try/picture/resize-and-crop.ts'

/** Smooth colours with some noise, the same each time. */
function paint(width: number, height: number): Buffer {
  let state = 7
  const noise = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++)
        pixels[(y * width + x) * 3 + c] =
          110 + 60 * Math.sin(x / 9 + c) + 50 * Math.cos(y / 7 - c) + 20 * noise()
  return pixels
}

const asRgb = (pixels: Buffer, width: number, height: number) =>
  sharp(pixels, { raw: { width, height, channels: 3 } })

async function asCanvas(pixels: Buffer, width: number, height: number): Promise<Rgba> {
  const data = new Uint8ClampedArray(await asRgb(pixels, width, height).ensureAlpha().raw().toBuffer())
  return { data, width, height }
}

describe('an image for a student', () => {
  it.each([
    { how: 'shrunk', from: [200, 120], to: [28, 28], mean: 1, largest: 4 },
    { how: 'shrunk by a lot', from: [900, 1400], to: [32, 32], mean: 4.5, largest: 18 },
    { how: 'enlarged', from: [20, 12], to: [28, 28], mean: 2, largest: 8 },
    { how: 'cut to another form', from: [97, 61], to: [32, 64], mean: 4.5, largest: 18 },
  ] as const)('$how is what the import makes of it, to a few of 255', async ({ from, to, mean, largest }) => {
    const [width, height] = from
    const [w, h] = to
    const pixels = paint(width, height)
    for (const channels of [1, 3] as const) {
      const own = resizeAndCrop(await asCanvas(pixels, width, height), { width: w, height: h, channels })
      const imported = await asRgb(pixels, width, height)
        .resize(w, h, { fit: 'cover', kernel: 'linear' })
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .raw()
        .toBuffer()
      expect(own).toHaveLength(imported.length)
      const differences = own.map((value, i) => Math.abs(value - imported[i]!))
      const average = differences.reduce((sum, difference) => sum + difference, 0) / differences.length
      expect(average, `mean of ${channels}`).toBeLessThan(mean)
      expect(Math.max(...differences), `largest of ${channels}`).toBeLessThan(largest)
    }
  })

  it('of the right size already is left as it is, and its colours become grey as the import makes them', async () => {
    const pixels = paint(28, 28)
    const canvas = await asCanvas(pixels, 28, 28)
    expect(Buffer.from(resizeAndCrop(canvas, { width: 28, height: 28, channels: 3 }))).toEqual(pixels)
    const grey = resizeAndCrop(canvas, { width: 28, height: 28, channels: 1 })
    const imported = await asRgb(pixels, 28, 28).toColourspace('b-w').raw().toBuffer()
    for (const [i, value] of grey.entries()) expect(Math.abs(value - imported[i]!)).toBeLessThanOrEqual(1)
  })
})

describe('what a file is', () => {
  const head = (text: string) => Buffer.from(text, 'latin1')

  it.each(['jpeg', 'png', 'webp'] as const)('%s is taken, by its content', async (format) => {
    const bytes = await asRgb(paint(16, 16), 16, 16).toFormat(format).toBuffer()
    expect(recognisePicture(bytes).taken).toBe(true)
  })

  it.each([
    ['a HEIC image, as iPhones take them', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['an AVIF image', '\0\0\0\x18ftypavif\0\0\0\0'],
    ['an SVG drawing', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['an SVG drawing', '  <svg onload="alert(1)">'],
    ['a GIF', 'GIF89a'],
    [null, '<html><body>'],
    [null, 'hello'],
    [null, ''],
  ])('%s is refused', (words, bytes) => {
    expect(recognisePicture(head(bytes))).toEqual({ taken: false, words })
  })
})
