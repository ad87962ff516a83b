import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatasetOverview } from '../../../contract/dataset-overview.ts'
import { InvalidDatasetError } from '../../../workers/datasets/archives/invalid-dataset-error.ts'
import { readCsvRows } from '../../../workers/datasets/lists/csv-rows.ts'
import { readJsonRows } from '../../../workers/datasets/lists/json-rows.ts'
import { packDataset } from '../../../workers/datasets/pack/pack.ts'
import { Packing } from './packing.ts'
import { encode, makePixels, png, twoClasses, writeZip } from './pictures.ts'

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

describe('images that are more than they seem', () => {
  it('an animation of many frames gives its first one, in no more memory than that takes', async () => {
    const frames = await Promise.all(Array.from({ length: 200 }, (_, i) => png(i)))
    const animated = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer()
    expect((await sharp(animated, { animated: true }).metadata()).pages).toBe(200)
    const { pixels, report } = await packing.packOne('a.webp', animated)
    expect(report.leftOut).toEqual([])
    expect(pixels.equals(makePixels(0).data)).toBe(true)
  })

  it('a JPEG that is a page of HTML, too, is shown as its pixels alone', async () => {
    const script = '<script>alert(1)</script>'
    const jpeg = await encode(makePixels(1))
      .withMetadata({ exif: { IFD0: { Copyright: script } } })
      .jpeg()
      .toBuffer()
    const polyglot = Buffer.concat([jpeg, Buffer.from(script)])
    const file = await writeZip(`${packing.folder}/p.zip`, {
      ...(await twoClasses(4)),
      'train/dark/p.jpg': polyglot,
    })
    const { overviewSha256, report } = await packDataset(file, packing.storage)
    expect(report.leftOut).toEqual([])
    const blob = async (sha256: string) => readFile(await packing.storage.fetchLocal(sha256))
    const overview = DatasetOverview.parse(JSON.parse((await blob(overviewSha256)).toString('utf8')))
    for (const sha256 of [overview.meanSha256, ...Object.values(overview.sheets).flat()])
      expect((await blob(sha256)).includes('script')).toBe(false)
  })

  it('an archive within an archive is not an image, and is not opened', async () => {
    const inner = await readFile(await writeZip(`${packing.folder}/inner.zip`, await twoClasses(3)))
    const { manifest, report } = await packing.pack({
      ...(await twoClasses(4)),
      'train/dark/inner.zip': inner,
    })
    expect(manifest.splits.train.classCounts).toEqual([4, 4])
    expect(report.ignored).toEqual([{ path: 'train/dark/inner.zip', reason: 'not an image' }])
  })

  it('a WebP of 72 million pixels in few bytes is named, and never decoded', async () => {
    const vast = await sharp({ create: { width: 9_000, height: 8_000, channels: 3, background: '#123456' } })
      .webp({ lossless: true, effort: 0 })
      .toBuffer()
    const entries = { ...(await twoClasses(4)), 'train/dark/vast.webp': vast }
    const memoryBefore = process.memoryUsage().rss
    const { report } = await packing.pack(entries)
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(300 << 20)
    expect(report.leftOut[0]?.reason).toMatch(/^9000×8000 is more than the 67 million pixels allowed$/)
  }, 60_000)
})

describe('a list of one line of 1 GB', () => {
  /** A mebibyte again and again, as a stream brings it. */
  async function* gigabyte(head: string): AsyncGenerator<Buffer> {
    yield Buffer.from(head)
    const chunk = Buffer.alloc(1 << 20, 'x')
    for (let i = 0; i < 1024; i++) yield chunk
  }

  it.each([
    ['CSV', readCsvRows, 'path,label\n'],
    ['JSONL', readJsonRows, '{"path":"a.png","label":"b"}\n'],
  ])('of %s is refused once the line is too long, with no more in memory', async (_, read, head) => {
    const memoryBefore = process.memoryUsage().rss
    const started = performance.now()
    const reading = async () => {
      for await (const row of read(Readable.from(gigabyte(head)), 'manifest')) expect(row).toHaveLength(2)
    }
    const error = await reading().catch((problem) => problem)
    expect(error).toBeInstanceOf(InvalidDatasetError)
    expect(error.message).toMatch(/a line of more than 64 KiB|line 2: a line is longer than 64 KiB/)
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(100 << 20)
  })
})
