import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClassificationDataset } from '../../../../contract/packed/manifest.ts'
import { InvalidDatasetError } from '../../../../workers/datasets/archives/invalid-dataset-error.ts'
import { packDataset } from '../../../../workers/datasets/pack/pack.ts'
import { Packing } from '../packing.ts'
import { png, writeZip } from '../pictures.ts'

const REFERENCES = path.join('test', 'references', 'formats')

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

const packed = async (location: string) => {
  const { manifest, report } = await packDataset(location, packing.storage)
  return { dataset: manifest as ClassificationDataset, report }
}
const reference = (name: string) => packed(path.join(REFERENCES, name))

async function zipped(entries: Record<string, Buffer | string>) {
  return packed(await writeZip(path.join(packing.folder, 'arrays.zip'), entries))
}

/** As numpy.save writes it. */
function npy(
  shape: number[],
  bytes: ArrayLike<number>,
  { type = '|u1', fortran = false, more = '', sizes = '' } = {},
): Buffer {
  const shown = sizes || `(${shape.length === 1 ? `${shape[0]},` : shape.join(', ')}), ${more}`
  const header = `{'descr': '${type}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shown}}`
  const text = `${header.padEnd(117)}\n`
  const head = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1')
  head.writeUInt16LE(text.length, 8)
  return Buffer.concat([head, Buffer.from(text), Buffer.from(Array.from(bytes))])
}

const zeros = (count: number) => new Array<number>(count).fill(0)
const LABELS = npy([4], [0, 1, 0, 1])
const PICTURES = npy([4, 8, 8], zeros(256))

describe('NumPy’s arrays', () => {
  it('are read as MedMNIST has them, with its three splits', async () => {
    const { dataset, report } = await reference('medmnist.npz')
    expect(dataset).toMatchObject({ classes: ['0', '1', '2'], height: 8, width: 8, channels: 3 })
    const { train, validation, test } = dataset.splits
    expect([train, validation, test].map((split) => split?.classCounts)).toEqual([
      [3, 3, 3],
      [1, 1, 1],
      [2, 2, 2],
    ])
    expect(report).toMatchObject({ leftOutCount: 0, ignoredCount: 0, doubts: [] })
    // The upper half of a later class is brighter, in its own channels.
    const pixels = await packing.bytesOf(train)
    const brightness = (i: number) =>
      pixels.subarray(i * 192, i * 192 + 96).reduce((sum, byte) => sum + byte) / 96
    expect(brightness(8) - brightness(0)).toBeGreaterThan(50)
  })

  it('are read as Keras has them: grey, with labels of eight bytes, or with the larger byte first', async () => {
    const { dataset } = await reference('keras.npz')
    expect(dataset).toMatchObject({ classes: ['0', '1', '2'], channels: 1 })
    expect(await packing.labelsOf(dataset.splits.train)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2])
    expect(await packing.labelsOf(dataset.splits.test)).toEqual([0, 1, 2, 0, 1, 2])
  })

  it('hold every byte, with channels behind or before height and width', async () => {
    const bytes = Array.from({ length: 4 * 192 }, (_, i) => i % 251)
    const behind = await zipped({
      'train_images.npy': npy([4, 8, 8, 3], bytes),
      'train_labels.npy': LABELS,
      'test_images.npy': npy([4, 8, 8, 3], bytes),
      'test_labels.npy': LABELS,
    })
    expect([...(await packing.bytesOf(behind.dataset.splits.train))]).toEqual(bytes)
    const planes = bytes.map((_, i) => {
      const [image, inside] = [Math.floor(i / 192), i % 192]
      return bytes[image * 192 + (inside % 64) * 3 + Math.floor(inside / 64)]!
    })
    const before = await zipped({
      'train_images.npy': npy([4, 3, 8, 8], planes),
      'train_labels.npy': LABELS,
      'test_images.npy': npy([4, 3, 8, 8], planes),
      'test_labels.npy': LABELS,
    })
    expect(before.dataset.splits.train.shards).toEqual(behind.dataset.splits.train.shards)
  })

  it('of images without labels are kept without', async () => {
    const { dataset, report } = await zipped({
      'X.npy': PICTURES,
      'y.npy': LABELS,
      'test_images.npy': PICTURES,
    })
    expect(dataset.splits.unlabelled).toMatchObject({ count: 4 })
    expect(report.doubts[0]).toMatchObject({ kind: 'UNLABELLED_SET_ASIDE' })
  })

  it.each([
    [{ 'train_images.npy': PICTURES }, 'there is no array of their labels'],
    [{ 'arr_0.npy': PICTURES, 'arr_1.npy': LABELS }, 'but “arr_0.npy” and “arr_1.npy”: name them'],
    [{ 'X.npy': PICTURES, 'y.npy': npy([4], zeros(48), { type: '<U3' }) }, '“y.npy” holds texts'],
  ])('that lack labels say so: %#', async (entries, words) => {
    await expect(zipped(entries)).rejects.toThrow(words)
  })

  it('without a test split have a part set aside, and one-hot labels are classes', async () => {
    const oneHot = npy([4, 2], [1, 0, 0, 1, 1, 0, 0, 1])
    const { dataset, report } = await zipped({ 'X.npy': PICTURES, 'y.npy': oneHot })
    expect(dataset.splits.train.count + dataset.splits.test.count).toBe(4)
    expect(report.notes.join()).toContain('set aside for testing')
  })

  const wrong: [string, Record<string, Buffer>, RegExp][] = [
    [
      'of Python objects',
      { 'X.npy': npy([4], zeros(32), { type: '|O' }) },
      /Python objects, which are not read/,
    ],
    [
      'of floating-point numbers',
      { 'X.npy': npy([4, 8, 8], zeros(1024), { type: '<f4' }) },
      /save it as uint8/,
    ],
    ['column by column', { 'X.npy': npy([4, 8, 8], zeros(256), { fortran: true }) }, /ascontiguousarray/],
    ['of volumes', { 'X.npy': npy([4, 8, 8, 8], zeros(2048)) }, /4 × 8 × 8 × 8.*Volumes/],
    ['that is cut', { 'X.npy': PICTURES.subarray(0, 300) }, /was cut or its header is wrong/],
    [
      'that claims what no file can hold',
      { 'X.npy': npy([900_000_000_000_000, 8, 8], zeros(64)) },
      /was cut or/,
    ],
    [
      'whose header runs a program',
      { 'X.npy': npy([4, 8, 8], zeros(256), { more: '__import__("os"): 1' }) },
      /header is not read/,
    ],
    [
      'whose header has sizes without an end',
      { 'X.npy': npy([4], zeros(32), { sizes: `(${'1'.repeat(60)}` }) },
      /header is not read/,
    ],
    [
      'with a header longer than the file',
      { 'X.npy': Buffer.concat([PICTURES.subarray(0, 8), Buffer.from([255, 255]), PICTURES.subarray(10)]) },
      /longer than it can be/,
    ],
    ['with fewer labels', { 'y.npy': npy([3], [0, 1, 0]) }, /one label each is needed/],
    [
      'with several labels an image',
      { 'y.npy': npy([4, 2], [1, 1, 0, 1, 1, 0, 0, 0]) },
      /each image has one class/,
    ],
    ['with one class', { 'y.npy': npy([4], zeros(4)) }, /two classes at least/],
  ]
  it.each(wrong)('%s are refused in words', async (_, entries, words) => {
    const error = await zipped({ 'X.npy': PICTURES, 'y.npy': LABELS, ...entries }).catch((problem) => problem)
    expect(error).toBeInstanceOf(InvalidDatasetError)
    expect((error as Error).message).toMatch(words)
  })
})

describe('WebDataset', () => {
  it('is read from a shard as tarfile writes it, captions passed over, a part set aside for testing', async () => {
    const { dataset, report } = await reference('webdataset.tar.gz')
    expect(dataset.classes).toEqual(['0', '1'])
    expect(dataset.splits.train.classCounts).toEqual([4, 4])
    expect(report).toMatchObject({ leftOutCount: 0, ignoredCount: 10 })
  })

  const samples = async (names: string[], label: (i: number) => Partial<Record<string, string>>) => {
    const entries: Record<string, Buffer | string> = {}
    for (const [i, name] of names.entries()) {
      entries[`${name}.png`] = await png(i)
      for (const [ending, text = ''] of Object.entries(label(i))) entries[`${name}.${ending}`] = text
    }
    return entries
  }
  const keys = (folder: string, count: number) => Array.from({ length: count }, (_, i) => `${folder}/${i}`)

  it('has splits by its folders, and names by a list beside it', async () => {
    const names = [...keys('train', 4), ...keys('val', 2), ...keys('test', 2)]
    const entries = await samples(names, (i) => ({ cls: `${i % 2}\n` }))
    const { dataset } = await zipped({ ...entries, 'classnames.txt': 'cat\ndog\n' })
    expect(dataset.classes).toEqual(['cat', 'dog'])
    const { train, validation, test } = dataset.splits
    expect([train, validation, test].map((split) => split?.classCounts)).toEqual([
      [2, 2],
      [1, 1],
      [1, 1],
    ])
  })

  it('has labels in JSON, too, and a sample without one is named', async () => {
    const entries = await samples(keys('a', 6), (i) => (i < 5 ? { json: `{"label": "${'xy'[i % 2]}"}` } : {}))
    const { dataset, report } = await zipped(entries)
    expect(dataset.classes).toEqual(['x', 'y'])
    expect(report.leftOut).toMatchObject([{ path: 'a/5.png' }])
  })

  it('has one image a sample, the one with the plainest ending: masks beside it are named', async () => {
    const entries = await samples(keys('a', 10), (i) => ({ cls: String(i % 2) }))
    for (let i = 0; i < 10; i++) entries[`a/${i}.seg.png`] = await png(100 + i)
    const { dataset, report } = await zipped({ ...entries, 'a/3.depth.v2.png': await png(200) })
    expect(dataset.splits.train.count + dataset.splits.test.count).toBe(10)
    expect(report.leftOutCount).toBe(11)
    expect(report.leftOut).toContainEqual({
      path: 'a/3.depth.v2.png',
      reason: 'it is another image of the sample of “a/3.png”',
    })
  })

  it('is refused where the endings do not tell which of two images is meant', async () => {
    const entries = await samples(keys('a', 4), (i) => ({ cls: String(i % 2) }))
    await expect(zipped({ ...entries, 'a/2.webp': await png(9) })).rejects.toThrow(
      /“a\/2.png” and “a\/2.webp” are images of the same sample/,
    )
  })

  it('is refused where its list of names is another one’s', async () => {
    const entries = await samples(keys('a', 4), (i) => ({ cls: String(i) }))
    await expect(zipped({ ...entries, 'classnames.txt': 'cat\ndog\n' })).rejects.toThrow(
      /has 2 lines: none is that of/,
    )
  })
})

it('an .npz that lies in a zip is called by its name', async () => {
  const file = path.join(packing.folder, 'inner.zip')
  await writeFile(
    file,
    await readFile(await writeZip(file, { 'm.npz': await readFile(path.join(REFERENCES, 'keras.npz')) })),
  )
  await expect(packed(file)).rejects.toThrow(/“m.npz”/)
})
