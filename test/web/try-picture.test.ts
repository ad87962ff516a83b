import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { recognizeFile } from '../../contract/image-kinds.ts'
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

describe('an image that the training images were prepared like', () => {
  it.each(['cover', 'contain', 'fill'] as const)('by “%s” comes out as the import makes it', async (fit) => {
    const [width, height, to] = [97, 61, 32] as const
    const pixels = paint(width, height)
    const preparation = {
      fit: ({ cover: 'COVER', contain: 'CONTAIN', fill: 'STRETCH' } as const)[fit],
      background: '#2040ff',
    }
    const wanted = { width: to, height: to, channels: 3, preparation } as const
    const own = resizeAndCrop(await asCanvas(pixels, width, height), wanted)
    const options = { fit, kernel: 'linear', background: '#2040ff' } as const
    const imported = await asRgb(pixels, width, height).resize(to, to, options).removeAlpha().raw().toBuffer()
    const differences = own.map((value, i) => Math.abs(value - imported[i]!))
    expect(Math.max(...differences)).toBeLessThan(10)
  })

  it('lies on the background where it is transparent, whatever is hidden there', () => {
    const data = Uint8ClampedArray.from([255, 255, 255, 0, 200, 100, 0, 128])
    const preparation = { fit: 'COVER', background: '#102030' } as const
    const own = resizeAndCrop(
      { data, width: 2, height: 1 },
      { width: 2, height: 1, channels: 3, preparation },
    )
    expect([...own.slice(0, 3)]).toEqual([0x10, 0x20, 0x30])
    for (const [i, value] of [108, 66, 24].entries())
      expect(Math.abs(own[3 + i]! - value)).toBeLessThanOrEqual(1)
  })
})

describe('what a file is', () => {
  const head = (text: string) => Buffer.from(text, 'latin1')

  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)(
    '%s is recognised by its content',
    async (format) => {
      const bytes = await asRgb(paint(16, 16), 16, 16).toFormat(format).toBuffer()
      expect(recognizeFile(bytes).format?.toLowerCase()).toBe(format)
    },
  )

  it.each([
    ['a HEIC image, as iPhones take them', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['an SVG drawing', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['an SVG drawing', '  <svg onload="alert(1)">'],
    ['a web page', '<html><body>'],
    [null, 'hello'],
    [null, ''],
  ])('%s is refused', (words, bytes) => {
    expect(recognizeFile(head(bytes))).toMatchObject({ format: null, words })
  })
})
