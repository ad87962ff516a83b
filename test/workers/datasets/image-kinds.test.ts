/** Images of all kinds that people have: what they are encoded as, what is transparent, and what else is damaged. */
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { USUAL_PREPARATION } from '../../../contract/packed/preparation.ts'
import { Packing } from './packing.ts'
import { bmp, encode, makePixels, png, twoClasses } from './pictures.ts'

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

const PIXELS = makePixels(7)

describe('an image', () => {
  it.each([
    [
      'GIF',
      'a.gif',
      () =>
        encode({ ...PIXELS, data: Buffer.alloc(192, 90) })
          .gif()
          .toBuffer(),
      90,
    ],
    [
      'TIFF by another name',
      'a.jpg',
      () => encode(PIXELS).tiff({ compression: 'lzw' }).toBuffer(),
      undefined,
    ],
    [
      'lossless AVIF',
      'a.avif',
      () =>
        encode({ ...PIXELS, data: Buffer.alloc(192, 90) })
          .avif({ lossless: true })
          .toBuffer(),
      90,
    ],
    ['BMP', 'a.bmp', async () => bmp(24), undefined],
    ['BMP of 32 bits', 'a.dib', async () => bmp(32), undefined],
    [
      'BMP with masks and an alpha that is nothing',
      'a.bmp',
      async () => bmp(32, [0xff0000, 0xff00, 0xff, 0xff000000]),
      undefined,
    ],
  ])('may be a %s', async (_, name, make, flat) => {
    const { report, pixels } = await packing.packOne(name, await make())
    expect(report.leftOut).toEqual([])
    if (flat === undefined) expect(pixels.equals(PIXELS.data)).toBe(true)
    else expect([...pixels].every((value) => Math.abs(value - flat) <= 1)).toBe(true)
  })

  it.each(['a.jfif', 'a.JPE', 'a.jif', 'a.jpeg'])('may be a JPEG by the name of %s', async (name) => {
    const jpeg = await encode(PIXELS).jpeg().toBuffer()
    expect((await packing.packOne(name, jpeg)).report.leftOutCount).toBe(0)
  })

  it.each([
    [
      'a.heic',
      '\0\0\0\x18ftypheic\0\0\0\0mif1heic',
      'it is a HEIC image, as iPhones take them; export it as JPEG',
    ],
    [
      'a.jpg',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0',
      'run “git lfs pull” and pack again',
    ],
    ['a.jpg', '<!DOCTYPE html><html>', 'it is a web page; the download failed'],
    ['a.bmp', `BM${'\0'.repeat(60)}`, 'it is a BMP of OS/2; save it as PNG'],
    ['a.bmp', bmp(24).subarray(0, 100), 'damaged or cut short'],
  ])('%s that is no image to be read is called by its name', async (name, content, words) => {
    const { report } = await packing
      .packOne(name, Buffer.from(content as string, 'latin1'))
      .catch((error) => error)
    expect(report.leftOut[0]?.reason).toContain(words)
  })

  it('of 48 million pixels, as phones take them, is read with little memory', async () => {
    const photo = await sharp({ create: { width: 8_064, height: 6_048, channels: 3, background: '#4080c0' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const memoryBefore = process.memoryUsage().rss
    const { report } = await packing.pack({ ...(await twoClasses(4)), 'train/dark/photo.jpg': photo })
    expect(report.leftOut).toEqual([])
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(400 << 20)
  }, 60_000)
})

describe('a JPEG that every viewer shows', () => {
  /** As Samsung's cameras write it: the scan is said to hold the first coefficient alone. */
  async function samsung(): Promise<Buffer> {
    const jpeg = await encode(makePixels(2, 64, 64))
      .jpeg({ optimiseCoding: false })
      .toBuffer()
    const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]))
    const end = scan + 2 + jpeg.readUInt16BE(scan + 2)
    jpeg[end - 2] = 0
    return jpeg
  }

  it('is read though its scan says what no decoder heeds, to the very pixels', async () => {
    const odd = await packing.packOne('a.jpg', await samsung(), 64)
    const plain = await encode(makePixels(2, 64, 64))
      .jpeg({ optimiseCoding: false })
      .toBuffer()
    expect(odd.report.leftOut).toEqual([])
    expect(odd.pixels.equals((await packing.packOne('a.jpg', plain, 64)).pixels)).toBe(true)
  })

  it('is left out all the same where it is cut short', async () => {
    const cut = await samsung()
    const entries = { ...(await twoClasses(4, 64)), 'train/dark/cut.jpg': cut.subarray(0, cut.length - 300) }
    const { report } = await packing.pack(entries)
    expect(report.leftOut).toEqual([
      { path: 'train/dark/cut.jpg', reason: 'it cannot be decoded: it is damaged or cut short' },
    ])
  })
})

describe('what is transparent', () => {
  const red = { r: 200, g: 60, b: 40 }
  const half = () =>
    sharp({ create: { width: 8, height: 8, channels: 4, background: { ...red, alpha: 0.5 } } })
  const clear = () =>
    sharp({ create: { width: 8, height: 8, channels: 4, background: { ...red, alpha: 0 } } })

  it.each(['png', 'webp', 'tiff'] as const)('lies on white, as the report says: %s', async (format) => {
    const options = { png: {}, webp: { lossless: true }, tiff: { compression: 'lzw' } }[format]
    const { pixels, report, manifest } = await packing.packOne(
      `a.${format}`,
      await half().toFormat(format, options).toBuffer(),
    )
    for (const [channel, value] of [200, 60, 40].entries())
      expect(Math.abs(pixels[channel]! - (value + 255) / 2)).toBeLessThanOrEqual(1)
    expect(report.notes).toContain('1 image has an alpha channel; what is transparent lies on white.')
    expect(manifest.preparation).toEqual({ fit: 'COVER', background: '#ffffff' })
  })

  it('lies on a chosen colour; what is hidden below it shows nowhere', async () => {
    const { pixels, report } = await packing.packOne('a.png', await clear().png().toBuffer(), 8, 3, {
      preparation: { ...USUAL_PREPARATION, background: '#102030' },
    })
    expect([...pixels.subarray(0, 3)]).toEqual([0x10, 0x20, 0x30])
    expect(report.notes.join()).toContain('what is transparent lies on #102030')
  })

  it('is told where nothing is left to see', async () => {
    const { report } = await packing.packOne('a.png', await clear().png().toBuffer())
    expect(report.notes.join()).toContain('1 image is of one colour throughout')
  })

  it('of a large image lies on the same colour', async () => {
    const large = await clear().resize(300, 300).png().toBuffer()
    const { pixels } = await packing.packOne('a.png', large, 8, 3)
    expect([...pixels.subarray(0, 3)]).toEqual([255, 255, 255])
  })
})

describe('the size', () => {
  const sized = async (sizes: [number, number][]) =>
    Object.fromEntries(
      await Promise.all(
        sizes.flatMap(([width, height], i) =>
          ['train/a', 'train/b', 'test/a'].map(
            async (folder) =>
              [`${folder}/${i}.png`, await png(i + 10 * folder.length, width, height)] as const,
          ),
        ),
      ),
    )

  it('is what half of the images have, whatever the others are', async () => {
    const { manifest } = await packing.pack(
      await sized([
        [40, 30],
        [40, 30],
        [400, 20],
        [90, 90],
      ]),
    )
    expect(manifest).toMatchObject({ width: 40, height: 30 })
  })

  it('of images that are all different is the median’s, and no panorama changes it', async () => {
    const photos: [number, number][] = [
      [40, 30],
      [44, 33],
      [48, 36],
      [52, 39],
      [56, 42],
    ]
    const usual = (await packing.pack(await sized(photos))).manifest
    const { manifest, report } = await packing.pack(await sized([...photos, [450, 45]]))
    expect(usual).toMatchObject({ width: 48, height: 36 })
    expect(manifest).toMatchObject({ width: 48, height: 36 })
    expect(report.notes.join('\n')).toContain('48×36 was chosen, by the median of their areas')
    expect(report.notes.join('\n')).toMatch(
      /3 images are of other proportions than 48×36: what overhangs was cut off evenly, 87 %/,
    )
  })
})

describe('an image of other proportions', () => {
  /** 16 x 8: red at the left and at the right, green between. */
  async function wide(): Promise<Buffer> {
    const colour = (x: number) => (x >= 4 && x < 12 ? [0, 255, 0] : [255, 0, 0])
    const data = Buffer.from(Array.from({ length: 128 }, (_, i) => colour(i % 16)).flat())
    return sharp(data, { raw: { width: 16, height: 8, channels: 3 } })
      .png()
      .toBuffer()
  }
  const options = (fit: 'COVER' | 'CONTAIN' | 'STRETCH') => ({ preparation: { ...USUAL_PREPARATION, fit } })

  it('covers, and loses its sides', async () => {
    const { pixels, report } = await packing.packOne('a.png', await wide(), 8, 3, options('COVER'))
    for (let x = 0; x < 8; x++) expect([...pixels.subarray(3 * x, 3 * x + 3)]).toEqual([0, 255, 0])
    expect(report.notes.join()).toContain('cut off evenly, 50 % of such an image')
  })

  it('lies inside, on the background', async () => {
    const { pixels, manifest } = await packing.packOne('a.png', await wide(), 8, 3, options('CONTAIN'))
    expect([...pixels.subarray(0, 3)]).toEqual([255, 255, 255])
    expect([...pixels.subarray(3 * 8 * 4, 3 * 8 * 4 + 3)]).toEqual([255, 0, 0])
    expect(manifest.preparation?.fit).toBe('CONTAIN')
  })

  it('is stretched', async () => {
    const { pixels, report } = await packing.packOne('a.png', await wide(), 8, 3, options('STRETCH'))
    expect([...pixels.subarray(0, 3)]).toEqual([255, 0, 0])
    expect([...pixels.subarray(12, 15)]).toEqual([0, 255, 0])
    expect(report.notes.join()).toContain('they were distorted, by a factor of 2.00')
  })
})
