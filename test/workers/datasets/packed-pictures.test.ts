import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packDataset } from '../../../workers/datasets/pack/pack.ts'
import { craftZip } from './crafted-zip.ts'
import { Packing } from './packing.ts'
import { encode, makePixels, png, twoClasses } from './pictures.ts'

let packing: Packing

beforeAll(async () => {
  packing = await Packing.begin()
})

afterAll(() => packing.end())

describe('an image', () => {
  it('is brought to the commonest size, without distortion, and counted', async () => {
    const { manifest, report, pixels } = await packing.packOne(
      'wide.png',
      // Left third red, middle green, right third blue.
      await sharp({ create: { width: 48, height: 16, channels: 3, background: '#00ff00' } })
        .composite([
          {
            input: { create: { width: 16, height: 16, channels: 3, background: '#ff0000' } },
            left: 0,
            top: 0,
          },
          {
            input: { create: { width: 16, height: 16, channels: 3, background: '#0000ff' } },
            left: 32,
            top: 0,
          },
        ])
        .png()
        .toBuffer(),
    )
    expect(manifest).toMatchObject({ height: 8, width: 8 })
    expect(report.resizedCount).toBe(1)
    expect(report.sizes).toEqual([
      { width: 8, height: 8, count: 3 },
      { width: 48, height: 16, count: 1 },
    ])
    const greens = pixels.filter((_, i) => i % 3 === 1)
    const reds = pixels.filter((_, i) => i % 3 === 0)
    expect(Math.min(...greens.slice(2, 6))).toBe(255)
    expect(Math.max(...reds.slice(2, 6))).toBe(0)
  })

  it('is brought to the size and depth that were asked for', async () => {
    const { manifest, report } = await packing.packOne('a.png', await png(1), 8, 3, {
      wanted: { height: 12, width: 16, channels: 1 },
    })
    expect(manifest).toMatchObject({ height: 12, width: 16, channels: 1 })
    expect(manifest.channelMeans).toHaveLength(1)
    expect(report.resizedCount).toBe(4)
  })

  it('keeps the dataset grey where all are grey, and makes it colourful where one is not', async () => {
    const grey = await packing.packOne('a.png', await png(1, 8, 8, 1), 8, 1)
    expect(grey.manifest.channels).toBe(1)
    expect(grey.pixels.equals(makePixels(1, 8, 8, 1).data)).toBe(true)
    const mixed = await packing.packOne('a.png', await png(1, 8, 8, 3), 8, 1)
    expect(mixed.manifest.channels).toBe(3)
    expect(mixed.pixels.equals(makePixels(1).data)).toBe(true)
  })

  it('may be JPEG or WebP', async () => {
    const flat = sharp({
      create: { width: 8, height: 8, channels: 3, background: { r: 200, g: 100, b: 50 } },
    })
    for (const [name, bytes] of [
      ['a.JPEG', await flat.clone().jpeg({ quality: 100 }).toBuffer()],
      ['a.webp', await flat.clone().webp({ lossless: true }).toBuffer()],
    ] as const) {
      const { report, pixels } = await packing.packOne(name, bytes)
      expect(report.leftOutCount).toBe(0)
      for (const [channel, value] of [200, 100, 50].entries())
        expect(Math.abs(pixels[channel]! - value)).toBeLessThanOrEqual(2)
    }
  })

  it('stands upright whatever its EXIF orientation says', async () => {
    const upright = makePixels(7, 16, 8)
    const turned = await encode(upright)
      .rotate(90)
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer()
    // Orientation 8: the camera was turned, a quarter turn back shows it upright.
    const tagged = await sharp(turned)
      .withMetadata({ orientation: 8 })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer()
    const { manifest, pixels } = await packing.packOne('a.jpg', tagged, 16, 3, {
      wanted: { height: 8, width: 16, channels: 3 },
    })
    expect(manifest).toMatchObject({ height: 8, width: 16 })
    const difference =
      [...pixels].reduce((sum, value, i) => sum + Math.abs(value - upright.data[i]!), 0) / pixels.length
    expect(difference).toBeLessThan(8)
  })

  it('of CMYK and of 16 bits comes out in the right colours', async () => {
    const colour = { r: 200, g: 60, b: 40 }
    const flat = sharp({ create: { width: 8, height: 8, channels: 3, background: colour } })
    const cmyk = await flat.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()
    const deep = await flat.clone().toColourspace('rgb16').png().toBuffer()
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk')
    expect((await sharp(deep).metadata()).depth).toBe('ushort')
    // Inks cannot show every colour: CMYK is only near.
    for (const [name, bytes, tolerance] of [
      ['a.jpg', cmyk, 40],
      ['b.png', deep, 0],
    ] as const) {
      const { report, pixels } = await packing.packOne(name, bytes)
      expect(report.leftOut).toEqual([])
      for (const [channel, value] of [colour.r, colour.g, colour.b].entries())
        expect(Math.abs(pixels[channel]! - value), `${name}, channel ${channel}`).toBeLessThanOrEqual(
          tolerance,
        )
    }
  })

  it('of 16-bit grey keeps its brightness', async () => {
    const values = new Uint16Array(64).fill(0x8040)
    const grey16 = await sharp(values, { raw: { width: 8, height: 8, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer()
    const { manifest, pixels } = await packing.packOne('a.png', grey16, 8, 1)
    expect(manifest.channels).toBe(1)
    expect(pixels[0]).toBe(0x80)
  })

  it('that cannot be decoded is left out and named with the reason', async () => {
    const whole = await png(1, 32, 32)
    const jpeg = await encode(makePixels(2, 64, 64))
      .jpeg()
      .toBuffer()
    const { report } = await packing.pack({
      ...(await twoClasses(4)),
      'train/dark/cut.png': whole.subarray(0, whole.length - 200),
      'train/dark/cut.jpg': jpeg.subarray(0, jpeg.length / 2),
      'train/dark/text.jpg': 'I am no image',
      'train/dark/empty.png': '',
      'train/dark/really-an-svg.png': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      'train/outside.png': whole,
    })
    const reasons = Object.fromEntries(
      report.leftOut.map(({ path: name, reason }) => [path.basename(name), reason]),
    )
    expect(report.pictures).toBe(10)
    expect(report.leftOutCount).toBe(6)
    expect(reasons).toMatchObject({
      'cut.png': 'it cannot be decoded: it is damaged or cut short',
      'cut.jpg': 'it cannot be decoded: it is damaged or cut short',
      'text.jpg': 'it is no JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF image',
      'empty.png': 'it is empty',
      'really-an-svg.png': 'it is an SVG drawing; save it as PNG',
      'outside.png': 'it lies in no class’s folder',
    })
  })

  it('whose checksum in the archive is wrong is left out', async () => {
    const entries = Object.entries(await twoClasses(4)).map(([name, content]) => ({ name, content }))
    const file = path.join(packing.folder, 'flipped.zip')
    const flipped = { name: 'train/dark/flipped.png', content: await png(5), claimedCrc: 1 }
    await writeFile(file, craftZip([...entries, flipped]))
    const { report } = await packDataset(file, packing.storage)
    expect(report.leftOut).toEqual([{ path: flipped.name, reason: 'its checksum in the archive is wrong' }])
  })

  it('of 144 million pixels is left out without being decoded', async () => {
    const vast = await sharp({
      create: { width: 12_000, height: 12_000, channels: 3, background: '#123456' },
    })
      .png()
      .toBuffer()
    const entries = { ...(await twoClasses(4)), 'train/dark/vast.png': vast }
    const memoryBefore = process.memoryUsage().rss
    const { report } = await packing.pack(entries)
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(300 << 20)
    expect(report.leftOut[0]?.reason).toMatch(/^12000×12000 is more than the 67 million pixels allowed$/)
  }, 60_000)
})
