import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PackedSplit } from '../../contract/packed-dataset.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { type PackOptions, packDataset } from '../../workers/datasets/pack.ts'
import { craftZip } from './crafted-zip.ts'
import { encode, makePixels, png, twoClasses, writeZip } from './pictures.ts'

let folder: string
let storage: DiskStorage

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pack-'))
  storage = new DiskStorage(path.join(folder, 'storage'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function pack(entries: Record<string, Buffer | string>, options?: PackOptions) {
  const { manifest, report } = await packDataset(
    await writeZip(path.join(folder, 'pictures.zip'), entries),
    storage,
    options,
  )
  if (manifest.kind !== 'CLASSIFICATION') throw new Error('an ImageFolder was read as something else')
  return { manifest, report }
}

async function bytesOf(split: PackedSplit): Promise<Buffer> {
  return Buffer.concat(
    await Promise.all(split.shards.map(({ sha256 }) => readFile(storage.localPath(sha256)))),
  )
}

async function labelsOf(split: PackedSplit): Promise<number[]> {
  const bytes = await readFile(storage.localPath(split.labelsSha256))
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(i * 4))
}

/** A dataset whose first training picture is the one in question; the others are grey or colourful of the size given. */
async function packOne(name: string, picture: Buffer, size = 8, channels: 1 | 3 = 3, options?: PackOptions) {
  const { manifest, report } = await pack(
    {
      [`train/a/${name}`]: picture,
      'train/b/1.png': await png(1, size, size, channels),
      'train/b/2.png': await png(2, size, size, channels),
      'test/a/3.png': await png(3, size, size, channels),
    },
    options,
  )
  const { height, width, channels: depth } = manifest
  const pixels = (await bytesOf(manifest.splits.train)).subarray(0, height * width * depth)
  return { manifest, report, pixels }
}

describe('packing', () => {
  it('keeps every byte of lossless pictures, in the order of their names, with their labels', async () => {
    const entries = await twoClasses(5)
    const { manifest, report } = await pack(entries)
    expect(manifest).toMatchObject({ height: 8, width: 8, channels: 3, classes: ['dark', 'light'] })
    expect(report).toMatchObject({
      pictures: 14,
      leftOutCount: 0,
      ignoredCount: 0,
      resizedCount: 0,
      notes: [],
    })
    const names = Object.keys(entries)
      .filter((name) => name.startsWith('train/'))
      .sort()
    const expected = await Promise.all(names.map((name) => sharp(entries[name]).raw().toBuffer()))
    expect((await bytesOf(manifest.splits.train)).equals(Buffer.concat(expected))).toBe(true)
    expect(await labelsOf(manifest.splits.train)).toEqual(
      names.map((name) => (name.includes('dark') ? 0 : 1)),
    )
    expect(manifest.splits.train.classCounts).toEqual([5, 5])
    expect(manifest.splits.test.classCounts).toEqual([2, 2])
  })

  it('measures the means and deviations that a plain two-pass sum over the training pictures gives', async () => {
    const { manifest } = await pack(await twoClasses(7))
    const bytes = await bytesOf(manifest.splits.train)
    for (const channel of [0, 1, 2]) {
      const values = [...bytes].filter((_, i) => i % 3 === channel).map((value) => value / 255)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
      expect(manifest.channelMeans[channel]).toBeCloseTo(mean, 10)
      expect(manifest.channelDeviations[channel]).toBeCloseTo(Math.sqrt(variance), 10)
    }
  })

  it('gives the same bytes twice, from a zip in any order and from a folder', async () => {
    const entries = await twoClasses(6)
    const first = await pack(entries)
    const reversed = await pack(Object.fromEntries(Object.entries(entries).reverse()))
    const unpacked = path.join(folder, 'unpacked')
    for (const [name, content] of Object.entries(entries)) {
      await mkdir(path.dirname(path.join(unpacked, name)), { recursive: true })
      await writeFile(path.join(unpacked, name), content)
    }
    expect(reversed).toEqual(first)
    expect(await packDataset(unpacked, storage)).toEqual(first)
  })

  it('leaves nothing half-written when it is aborted', async () => {
    const abort = new AbortController()
    const aborted = pack(await twoClasses(50), {
      signal: abort.signal,
      onProgress: (seen) => seen === 20 && abort.abort(new Error('enough')),
    })
    await expect(aborted).rejects.toThrow('enough')
    expect(await readdir(path.join(folder, 'storage', 'temporary'))).toEqual([])
  })
})

describe('the layout', () => {
  it('is looked for below one common folder, without the litter of file managers', async () => {
    const inside = Object.entries(await twoClasses(4)).map(([name, content]) => [
      `my pictures/${name}`,
      content,
    ])
    const { manifest, report } = await pack({
      ...Object.fromEntries(inside),
      'my pictures/readme.txt': 'hello',
      '__MACOSX/my pictures/train/dark/._0.png': 'x',
      'my pictures/train/.DS_Store': 'x',
    })
    expect(manifest.classes).toEqual(['dark', 'light'])
    expect(report).toMatchObject({ pictures: 10, leftOutCount: 0, ignoredCount: 1 })
    expect(report.ignored).toEqual([{ path: 'my pictures/readme.txt', reason: 'not a picture' }])
    expect(report.notes[0]).toContain('my pictures/')
  })

  it.each(['val', 'valid', 'Validation'])('takes “%s” as the test pictures, and says so', async (name) => {
    const entries = Object.entries(await twoClasses(4)).map(([key, content]) => [
      key.replace('test/', `${name}/`),
      content,
    ])
    const { manifest, report } = await pack(Object.fromEntries(entries))
    expect(manifest.splits.test.count).toBe(2)
    expect(report.notes).toEqual([`“${name}” was taken as the test pictures.`])
  })

  it('prefers “test” to “val”, whose pictures are left out by name', async () => {
    const { report } = await pack({ ...(await twoClasses(4)), 'val/dark/x.png': await png(9) })
    expect(report.leftOut).toEqual([
      { path: 'val/dark/x.png', reason: 'it lies outside the training and the test folder' },
    ])
  })

  it('sets a fifth of every class aside where there is no test folder, the same fifth each time', async () => {
    const entries: Record<string, Buffer> = {}
    for (let i = 0; i < 20; i++) entries[`cat/${i}.png`] = await png(i)
    for (let i = 0; i < 10; i++) entries[`dog/deep/er/${i}.png`] = await png(100 + i)
    const first = await pack(entries)
    expect(first.manifest.splits.train.classCounts).toEqual([16, 8])
    expect(first.manifest.splits.test.classCounts).toEqual([4, 2])
    expect(first.report.notes[0]).toMatch(/6 pictures, 20 % of every class/)
    const moved = Object.fromEntries(
      Object.entries(entries).map(([name, content]) => [`top/${name}`, content]),
    )
    expect((await pack(moved)).manifest).toEqual(first.manifest)
  })
})

describe('a picture', () => {
  it('is brought to the commonest size, without distortion, and counted', async () => {
    const { manifest, report, pixels } = await packOne(
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
    const { manifest, report } = await packOne('a.png', await png(1), 8, 3, {
      wanted: { height: 12, width: 16, channels: 1 },
    })
    expect(manifest).toMatchObject({ height: 12, width: 16, channels: 1 })
    expect(manifest.channelMeans).toHaveLength(1)
    expect(report.resizedCount).toBe(4)
  })

  it('keeps the dataset grey where all are grey, and makes it colourful where one is not', async () => {
    const grey = await packOne('a.png', await png(1, 8, 8, 1), 8, 1)
    expect(grey.manifest.channels).toBe(1)
    expect(grey.pixels.equals(makePixels(1, 8, 8, 1).data)).toBe(true)
    const mixed = await packOne('a.png', await png(1, 8, 8, 3), 8, 1)
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
      const { report, pixels } = await packOne(name, bytes)
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
    const { manifest, pixels } = await packOne('a.jpg', tagged, 16, 3, {
      wanted: { height: 8, width: 16, channels: 3 },
    })
    expect(manifest).toMatchObject({ height: 8, width: 16 })
    const difference =
      [...pixels].reduce((sum, value, i) => sum + Math.abs(value - upright.data[i]!), 0) / pixels.length
    expect(difference).toBeLessThan(8)
  })

  it('of CMYK, of 16 bits and with transparency comes out in the right colours', async () => {
    const colour = { r: 200, g: 60, b: 40 }
    const flat = sharp({ create: { width: 8, height: 8, channels: 3, background: colour } })
    const cmyk = await flat.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()
    const deep = await flat.clone().toColourspace('rgb16').png().toBuffer()
    const clear = await sharp({
      create: { width: 8, height: 8, channels: 4, background: { ...colour, alpha: 0.5 } },
    })
      .png()
      .toBuffer()
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk')
    expect((await sharp(deep).metadata()).depth).toBe('ushort')
    // Inks cannot show every colour: CMYK is only near.
    for (const [name, bytes, tolerance] of [
      ['a.jpg', cmyk, 40],
      ['b.png', deep, 0],
      ['c.png', clear, 0],
    ] as const) {
      const { report, pixels } = await packOne(name, bytes)
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
    const { manifest, pixels } = await packOne('a.png', grey16, 8, 1)
    expect(manifest.channels).toBe(1)
    expect(pixels[0]).toBe(0x80)
  })

  it('that cannot be decoded is left out and named with the reason', async () => {
    const whole = await png(1, 32, 32)
    const jpeg = await encode(makePixels(2, 64, 64))
      .jpeg()
      .toBuffer()
    const animated = await sharp([await png(3), await png(4)], { join: { animated: true } })
      .gif()
      .toBuffer()
    const { report } = await pack({
      ...(await twoClasses(4)),
      'train/dark/cut.png': whole.subarray(0, whole.length - 200),
      'train/dark/cut.jpg': jpeg.subarray(0, jpeg.length / 2),
      'train/dark/text.jpg': 'I am no picture',
      'train/dark/empty.png': '',
      'train/dark/really-a-gif.png': animated,
      'train/dark/really-an-svg.png': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      'train/dark/one.gif': animated,
      'train/outside.png': whole,
    })
    const reasons = Object.fromEntries(
      report.leftOut.map(({ path: name, reason }) => [path.basename(name), reason]),
    )
    expect(report.pictures).toBe(10)
    expect(report.leftOutCount).toBe(8)
    expect(reasons).toMatchObject({
      'cut.png': 'it cannot be decoded: it is damaged or cut short',
      'cut.jpg': 'it cannot be decoded: it is damaged or cut short',
      'text.jpg': 'it is no JPEG, PNG or WebP picture',
      'empty.png': 'it is empty',
      'really-a-gif.png': 'it is no JPEG, PNG or WebP picture',
      'really-an-svg.png': 'it is no JPEG, PNG or WebP picture',
      'one.gif': 'only JPEG, PNG and WebP pictures are read',
      'outside.png': 'it lies in no class’s folder',
    })
  })

  it('whose checksum in the archive is wrong is left out', async () => {
    const entries = Object.entries(await twoClasses(4)).map(([name, content]) => ({ name, content }))
    const file = path.join(folder, 'flipped.zip')
    const flipped = { name: 'train/dark/flipped.png', content: await png(5), claimedCrc: 1 }
    await writeFile(file, craftZip([...entries, flipped]))
    const { report } = await packDataset(file, storage)
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
    const { report } = await pack(entries)
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(300 << 20)
    expect(report.leftOut[0]?.reason).toMatch(/^12000×12000 is more than the 33 million pixels allowed$/)
  }, 60_000)
})
