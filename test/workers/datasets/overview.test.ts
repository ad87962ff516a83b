import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatasetOverview, SHEET_COLUMNS, TILES_A_SHEET } from '../../../contract/dataset-overview.ts'
import { differenceHash } from '../../../workers/datasets/overview/difference-hash.ts'
import { DuplicateFinder } from '../../../workers/datasets/overview/duplicates.ts'
import { packDataset } from '../../../workers/datasets/pack/pack.ts'
import { Packing } from './packing.ts'
import { encode, makePixels, png, writeZip } from './pictures.ts'

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

async function overviewOf(entries: Record<string, Buffer>): Promise<DatasetOverview> {
  const file = await writeZip(`${packing.folder}/o.zip`, entries)
  const { overviewSha256 } = await packDataset(file, packing.storage)
  const bytes = await readFile(await packing.storage.fetchLocal(overviewSha256))
  return DatasetOverview.parse(JSON.parse(bytes.toString('utf8')))
}

/** A smooth image, as photographs are: noise has no neighbours that stay darker. */
function smooth(seed: number, side = 32): Buffer {
  const data = Buffer.alloc(side * side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      data[y * side + x] =
        128 +
        60 * Math.sin((x * (1 + (seed % 5)) + seed) / 7) +
        60 * Math.cos((y * (1 + (seed % 3)) + seed * 2) / 9)
  return data
}
const smoothPng = (data: Buffer) =>
  sharp(data, { raw: { width: 32, height: 32, channels: 1 } })
    .png()
    .toBuffer()

describe('an overview', () => {
  it('counts images that are there twice, within a split and across splits', async () => {
    const [a, b, c] = [await png(1), await png(2), await png(3)]
    // The same pixels in another file: a copy that was packed anew.
    const aAgain = await encode(makePixels(1)).webp({ lossless: true }).toBuffer()
    const { exact } = await overviewOf({
      'train/x/1.png': a,
      'train/x/2.png': b,
      'train/y/1.png': c,
      'train/y/2.webp': aAgain,
      'test/x/1.png': b,
    })
    expect(exact).toMatchObject({ count: 2, leakedCount: 1 })
    expect(exact.groups).toEqual([
      [
        { split: 'train', index: 1 },
        { split: 'test', index: 0 },
      ],
      [
        { split: 'train', index: 0 },
        { split: 'train', index: 3 },
      ],
    ])
  })

  it('finds an image that was saved as JPEG, made brighter or shifted a little, and no other', async () => {
    const data = smooth(11)
    const whole = await smoothPng(data)
    const jpeg = await sharp(whole).jpeg({ quality: 60 }).toBuffer()
    const brighter = await smoothPng(Buffer.from(data.map((value) => Math.min(255, value + 4))))
    const others = await Promise.all([2, 3, 4, 6].map((seed) => smoothPng(smooth(seed))))
    const { near, exact } = await overviewOf({
      'train/x/1.png': whole,
      'train/x/2.png': others[0]!,
      'train/y/1.png': others[1]!,
      'train/y/2.png': others[2]!,
      'test/x/1.jpg': jpeg,
      'test/y/1.png': others[3]!,
      'test/y/2.png': brighter,
    })
    expect(exact.count).toBe(0)
    expect(near).toMatchObject({ count: 2, leakedCount: 2 })
    expect(near.groups).toEqual([
      [
        { split: 'train', index: 0 },
        { split: 'test', index: 0 },
        { split: 'test', index: 2 },
      ],
    ])
  })

  it('has every image on a sheet, in the order of the classes', async () => {
    const entries: Record<string, Buffer> = {}
    for (let i = 0; i < 150; i++) {
      entries[`train/a/${String(i).padStart(3, '0')}.png`] = await png(i)
      entries[`train/b/${String(i).padStart(3, '0')}.png`] = await png(1000 + i)
    }
    entries['test/a/1.png'] = await png(5000)
    const { sheets, tilePixels } = await overviewOf(entries)
    expect(tilePixels).toBe(8)
    expect(sheets.train).toHaveLength(Math.ceil(300 / TILES_A_SHEET))
    const second = sharp(await readFile(await packing.storage.fetchLocal(sheets.train![1]!)))
    const { width, height } = await second.metadata()
    expect([width, height]).toEqual([8 * SHEET_COLUMNS, 8 * Math.ceil((300 - 256) / 16)])
    // The sheet's first tile is the 257th image: number 106 of class b.
    const tile = await second.extract({ left: 0, top: 0, width: 8, height: 8 }).raw().toBuffer()
    const wanted = makePixels(1106).data
    const difference = tile.reduce((sum, value, i) => sum + Math.abs(value - wanted[i]!), 0) / tile.length
    const other = makePixels(1107).data
    const distance = tile.reduce((sum, value, i) => sum + Math.abs(value - other[i]!), 0) / tile.length
    expect(difference).toBeLessThan(distance)
  })

  it('has the mean of the training images alone', async () => {
    const flat = (value: number) =>
      sharp({ create: { width: 8, height: 8, channels: 3, background: { r: value, g: 0, b: 255 } } })
        .png()
        .toBuffer()
    const { meanSha256 } = await overviewOf({
      'train/a/1.png': await flat(10),
      'train/b/1.png': await flat(31),
      'test/a/1.png': await flat(255),
    })
    const mean = await sharp(await readFile(await packing.storage.fetchLocal(meanSha256)))
      .raw()
      .toBuffer()
    expect([...mean.subarray(0, 3)]).toEqual([21, 0, 255])
  })
})

describe('the finder of duplicates', () => {
  it('finds what comparing each with each finds', () => {
    const shape = { height: 32, width: 32, channels: 1 } as const
    const pictures = Array.from({ length: 200 }, (_, i) =>
      Buffer.from(smooth(i % 60).map((value) => Math.min(255, value + 2 * Math.floor(i / 60)))),
    )
    const finder = new DuplicateFinder()
    for (const [index, pixels] of pictures.entries()) finder.add({ split: 'train', index }, pixels, shape)
    const hashes = pictures.map((pixels) => differenceHash(pixels, shape))
    const bits = (word: number) => [...(word >>> 0).toString(2)].filter((bit) => bit === '1').length
    const isLike = (i: number, j: number) => {
      const [a, b] = [hashes[i]!, hashes[j]!]
      const far = a.values.reduce((sum, value, k) => sum + Math.abs(value - b.values[k]!), 0)
      return bits(a.upper ^ b.upper) + bits(a.lower ^ b.lower) <= 4 && far <= 8 * a.values.length
    }
    const same = (i: number, j: number) => pictures[i]!.equals(pictures[j]!)
    const firsts = pictures.map((_, i) => pictures.findIndex((__, j) => same(i, j)))
    const distinct = pictures.map((_, i) => i).filter((i) => firsts[i] === i)
    const expected = distinct.filter((i) => distinct.some((j) => j < i && isLike(i, j)))
    expect(expected.length).toBeGreaterThan(3)
    expect(finder.find().near.count).toBe(expected.length)
  })

  it('takes 20,000 images in seconds, flat ones among them', () => {
    const shape = { height: 8, width: 8, channels: 1 } as const
    const finder = new DuplicateFinder()
    for (let index = 0; index < 20_000; index++) {
      const pixels = index % 4 === 0 ? Buffer.alloc(64, index % 251) : makePixels(index, 8, 8, 1).data
      finder.add({ split: 'train', index }, pixels, shape)
    }
    const started = performance.now()
    expect(finder.find().exact.count).toBeGreaterThan(0)
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})
