import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blobsOf, type ClassificationDataset, PackedDataset } from '../../../contract/packed/manifest.ts'
import { packDataset } from '../../../workers/datasets/pack/pack.ts'
import { Packing } from './packing.ts'
import { png, twoClasses } from './pictures.ts'

let packing: Packing

beforeAll(async () => {
  packing = await Packing.begin()
})

afterAll(() => packing.end())

describe('packing', () => {
  it('keeps every byte of lossless images, in the order of their names, with their labels', async () => {
    const entries = await twoClasses(5)
    const { manifest, report } = await packing.pack(entries)
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
    expect((await packing.bytesOf(manifest.splits.train)).equals(Buffer.concat(expected))).toBe(true)
    expect(await packing.labelsOf(manifest.splits.train)).toEqual(
      names.map((name) => (name.includes('dark') ? 0 : 1)),
    )
    expect(manifest.splits.train.classCounts).toEqual([5, 5])
    expect(manifest.splits.test.classCounts).toEqual([2, 2])
  })

  it('measures the means and deviations that a plain two-pass sum over the training images gives', async () => {
    const { manifest } = await packing.pack(await twoClasses(7))
    const bytes = await packing.bytesOf(manifest.splits.train)
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
    const first = await packing.pack(entries)
    const reversed = await packing.pack(Object.fromEntries(Object.entries(entries).reverse()))
    const unpacked = path.join(packing.folder, 'unpacked')
    for (const [name, content] of Object.entries(entries)) {
      await mkdir(path.dirname(path.join(unpacked, name)), { recursive: true })
      await writeFile(path.join(unpacked, name), content)
    }
    expect(reversed).toEqual(first)
    expect(await packDataset(unpacked, packing.storage)).toMatchObject(first)
  })

  it('leaves nothing half-written when it is aborted', async () => {
    const abort = new AbortController()
    const aborted = packing.pack(await twoClasses(50), {
      signal: abort.signal,
      onProgress: (seen) => seen === 20 && abort.abort(new Error('enough')),
    })
    await expect(aborted).rejects.toThrow('enough')
    expect(await readdir(path.join(packing.folder, 'storage', 'temporary'))).toEqual([])
  })
})

describe('the layout', () => {
  it('is looked for below one common packing.folder, without the litter of file managers', async () => {
    const inside = Object.entries(await twoClasses(4)).map(([name, content]) => [
      `my pictures/${name}`,
      content,
    ])
    const { manifest, report } = await packing.pack({
      ...Object.fromEntries(inside),
      'my pictures/readme.txt': 'hello',
      '__MACOSX/my pictures/train/dark/._0.png': 'x',
      'my pictures/train/.DS_Store': 'x',
    })
    expect(manifest.classes).toEqual(['dark', 'light'])
    expect(report).toMatchObject({ pictures: 10, leftOutCount: 0, ignoredCount: 1 })
    expect(report.ignored).toEqual([{ path: 'my pictures/readme.txt', reason: 'not an image' }])
    expect(report.notes[0]).toContain('my pictures/')
  })

  it.each(['val', 'valid', 'Validation'])('takes “%s” as the test images, and says so', async (name) => {
    const entries = Object.entries(await twoClasses(4)).map(([key, content]) => [
      key.replace('test/', `${name}/`),
      content,
    ])
    const { manifest, report } = await packing.pack(Object.fromEntries(entries))
    expect(manifest.splits.test.count).toBe(2)
    expect(report.notes).toEqual([`“${name}” was taken as the test images.`])
  })

  it('keeps “val” beside “test” as validation, and “unlabelled” without labels', async () => {
    const { manifest, report } = await packing.pack({
      ...(await twoClasses(4)),
      'val/dark/x.png': await png(9),
      'unlabelled/y.png': await png(10),
    })
    expect(report.leftOut).toEqual([])
    const { validation, test, unlabelled } = (manifest as ClassificationDataset).splits
    expect([validation, test, unlabelled].map((split) => split?.count)).toEqual([1, 2, 1])
    expect(validation?.classCounts).toEqual([1, 0])
    expect(blobsOf(manifest)).toContain(unlabelled?.shards[0]?.sha256)
    expect(PackedDataset.parse(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest)
  })

  it('sets a fifth of every class aside where there is no test packing.folder, the same fifth each time', async () => {
    const entries: Record<string, Buffer> = {}
    for (let i = 0; i < 20; i++) entries[`cat/${i}.png`] = await png(i)
    for (let i = 0; i < 10; i++) entries[`dog/deep/er/${i}.png`] = await png(100 + i)
    const first = await packing.pack(entries)
    expect(first.manifest.splits.train.classCounts).toEqual([16, 8])
    expect(first.manifest.splits.test.classCounts).toEqual([4, 2])
    expect(first.report.notes[0]).toMatch(/6 images, 20 % of every class/)
    const moved = Object.fromEntries(
      Object.entries(entries).map(([name, content]) => [`top/${name}`, content]),
    )
    expect((await packing.pack(moved)).manifest).toEqual(first.manifest)
  })
})
