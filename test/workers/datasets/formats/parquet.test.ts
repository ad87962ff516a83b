import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClassificationDataset } from '../../../../contract/packed/manifest.ts'
import { InvalidDatasetError } from '../../../../workers/datasets/archives/invalid-dataset-error.ts'
import { inspectDataset } from '../../../../workers/datasets/pack/inspect-dataset.ts'
import { packDataset } from '../../../../workers/datasets/pack/pack.ts'
import { craftParquet, parquetOf, repeatedImage, varint } from '../crafted-parquet.ts'
import { craftTar } from '../crafted-tar.ts'
import { Packing } from '../packing.ts'
import { png, twoClasses, writeZip } from '../pictures.ts'

let packing: Packing
let images: Buffer[]
beforeAll(async () => {
  packing = await Packing.begin()
  images = await Promise.all([0, 1, 2, 3].map((i) => png(i)))
})
afterAll(() => packing.end())

async function refusalOf(entries: Record<string, Buffer>): Promise<string> {
  const file = path.join(packing.folder, 'tables.tar')
  await writeFile(file, craftTar(Object.entries(entries).map(([name, content]) => ({ name, content }))))
  const error = await packDataset(file, packing.storage).catch((problem) => problem)
  expect(error).toBeInstanceOf(InvalidDatasetError)
  return (error as InvalidDatasetError).message
}

const PAGES = path.join('test', 'references', 'parquet')

async function packed(location: string) {
  const { manifest, report } = await packDataset(location, packing.storage)
  return { dataset: manifest as ClassificationDataset, report }
}

describe('Parquet', () => {
  it('is read as Hugging Face writes it: images in structs, names of classes in the metadata, a file for each split', async () => {
    const { dataset, report } = await packed(path.join('test', 'references', 'formats', 'parquet.tar.gz'))
    expect(dataset).toMatchObject({ classes: ['cat', 'dog', 'fox'], height: 8, width: 8, channels: 3 })
    const { train, validation, test } = dataset.splits
    expect([train, validation, test].map((split) => split?.classCounts)).toEqual([
      [3, 3, 3],
      [1, 1, 1],
      [2, 2, 2],
    ])
    expect(report).toMatchObject({ leftOutCount: 0, ignoredCount: 0, doubts: [] })
    const pixels = await packing.bytesOf(train)
    const brightness = (i: number) =>
      pixels.subarray(i * 192, i * 192 + 96).reduce((sum, byte) => sum + byte) / 96
    expect(brightness(8) - brightness(0)).toBeGreaterThan(50)
  })

  it('has names as labels, rows without an image, which are named, and rows without a label, which are kept as such', async () => {
    const { manifest: dataset, report } = await packing.pack({
      'data.parquet': await readFile(path.join(PAGES, 'pages.parquet')),
    })
    expect(dataset.classes).toEqual(['cat', 'dog'])
    expect(dataset.splits.train.count + dataset.splits.test.count).toBe(10)
    expect(dataset.splits.unlabelled?.count).toBe(1)
    expect(report.leftOut).toMatchObject([{ path: 'data.parquet#4' }])
  })

  it('that is packed by what is not read says so', async () => {
    const refused = packing.pack({ 'data.parquet': await readFile(path.join(PAGES, 'zstd.parquet')) })
    await expect(refused).rejects.toThrow(
      /“data.parquet” cannot be read: it is packed by ZSTD.*compression="snappy"/,
    )
  })

  it('whose rows, pages or footer are not what they say is refused before much is made of them', async () => {
    const whole = await readFile(path.join(PAGES, 'pages.parquet'))
    const footerBytes = whole.readUInt32LE(whole.length - 8)
    const longFooter = Buffer.from(whole)
    longFooter.writeUInt32LE(0x7fffffff, whole.length - 8)
    const cut = Buffer.concat([whole.subarray(0, 200), whole.subarray(whole.length - 8 - footerBytes)])
    for (const bytes of [longFooter, cut, Buffer.from(`PAR1${'x'.repeat(40)}PAR1`)]) {
      const started = performance.now()
      const error = await packing.pack({ 'data.parquet': bytes }).catch((problem) => problem)
      expect(error).toBeInstanceOf(InvalidDatasetError)
      expect((error as Error).message).toMatch(/“data.parquet” cannot be read: /)
      expect(performance.now() - started).toBeLessThan(10_000)
    }
  })
})

const classCounts = ({ manifest }: Awaited<ReturnType<Packing['pack']>>) => [
  manifest.splits.train.classCounts,
  manifest.splits.test.classCounts,
]

describe('a Parquet file is refused, and little made of it, for', () => {
  const list = (count: number) => Buffer.concat([Buffer.from([0xfc]), varint(count), Buffer.alloc(count)])
  const footers: [what: string, footer: Buffer, words: RegExp][] = [
    // A list of lists of lists: 0x19 is both the field of a list, and a list of one list.
    ['lists in each other without end', Buffer.alloc(1 << 20, 0x19), /what it says of itself is damaged/],
    [
      'millions of empty structs',
      Buffer.concat([Buffer.from([0x29]), list(4_000_000), Buffer.from([0])]),
      /more than 1,000,000 values/,
    ],
  ]
  it.each(footers)('%s', async (_, footer, words) => {
    expect(await refusalOf({ 'x.parquet': parquetOf(Buffer.alloc(0), footer) })).toMatch(words)
  })

  it('a page that says millions of things of itself', async () => {
    const header = Buffer.concat([Buffer.from([0x19]), list(900_000), Buffer.alloc(9)])
    const refusal = refusalOf({ 'x.parquet': craftParquet({ images: header, labels: [0, 1] }) })
    expect(await refusal).toMatch(/more than 1,000 values/)
  })

  it('one image that is in more rows than a hundred times the file would hold', async () => {
    const image = Buffer.concat([images[0]!, Buffer.alloc(1 << 20, 'x')])
    const labels = Array.from({ length: 1000 }, (_, i) => i % 2)
    const bomb = craftParquet({ images: repeatedImage(image, labels.length), labels })
    expect(await refusalOf({ 'x.parquet': bomb })).toMatch(/“x.parquet” cannot be read.*100 times its size/)
  })
})

it('an image of a dictionary that some rows share is in all of them', async () => {
  const table = craftParquet({ images: repeatedImage(images[0]!, 4), labels: [0, 1, 0, 1] })
  expect(classCounts(await packing.pack({ 'train.parquet': table, 'test.parquet': table }))).toEqual([
    [2, 2],
    [2, 2],
  ])
})

describe('the labels of Parquet files', () => {
  const table = (labels: number[], names?: string[]) =>
    craftParquet({ images, labels, ...(names && { names }) })

  it('are read by the names of their own file, where files number their classes differently', async () => {
    const done = await packing.pack({
      'train.parquet': table([0, 0, 0, 1], ['cat', 'dog']),
      'test.parquet': table([0, 1, 1, 1], ['dog', 'cat']),
    })
    expect(done.manifest.classes).toEqual(['cat', 'dog'])
    expect(classCounts(done)).toEqual([
      [3, 1],
      [3, 1],
    ])
    expect(done.report.notes.join()).toContain('number their classes differently')
  })

  it('keep the order of the names where all files have the same', async () => {
    const named = table([0, 0, 0, 1], ['zebra', 'ant'])
    const done = await packing.pack({ 'train.parquet': named, 'test.parquet': named })
    expect(done.manifest.classes).toEqual(['zebra', 'ant'])
    expect(done.report.notes).toEqual([])
  })

  it('of a file without names are read by those of the others, which is told', async () => {
    const done = await packing.pack({
      'train.parquet': table([0, 0, 0, 1], ['zebra', 'ant']),
      'test.parquet': table([0, 1, 1, 1]),
    })
    expect(done.manifest.classes).toEqual(['zebra', 'ant'])
    expect(classCounts(done)).toEqual([
      [3, 1],
      [1, 3],
    ])
    expect(done.report.notes.join()).toContain('“test.parquet” names no classes')
  })

  it('of a file without names are not guessed where the others number them differently', async () => {
    const refusal = refusalOf({
      'train.parquet': table([0, 0, 0, 1], ['cat', 'dog']),
      'val.parquet': table([0, 1, 1, 1], ['dog', 'cat']),
      'test.parquet': table([0, 1, 1, 1]),
    })
    expect(await refusal).toMatch(
      /“test.parquet” numbers its classes without naming them.*write the names into it/,
    )
  })

  it('that have no name among those of the file refuse it', async () => {
    for (const test of [table([0, 1, 1, 2], ['cat', 'dog']), table([0, 1, 1, 2])])
      expect(
        await refusalOf({ 'train.parquet': table([0, 0, 0, 1], ['cat', 'dog']), 'test.parquet': test }),
      ).toMatch(/“test.parquet#3” has the label 2, but names are there for 2 classes/)
  })
})

describe('a .parquet that is empty or cut', () => {
  const broken = () => [
    Buffer.alloc(0),
    Buffer.from('PAR1'),
    craftParquet({ images, labels: [0, 1, 0, 1] }).subarray(0, 100),
  ]

  it('does not stand against a folder of images beside it', async () => {
    const pictures = await twoClasses(4)
    for (const bytes of broken()) {
      const { manifest, report } = await packing.pack({ ...pictures, 'a.parquet': bytes })
      expect(manifest.classes).toHaveLength(2)
      expect(report.ignored).toMatchObject([{ path: 'a.parquet' }])
      const archive = await writeZip(path.join(packing.folder, 'inspected.zip'), {
        ...pictures,
        'a.parquet': bytes,
      })
      await expect(inspectDataset(archive)).resolves.toBeDefined()
    }
  })

  it('is passed over beside whole ones where it is empty, and named where it is cut', async () => {
    const whole = craftParquet({ images, labels: [0, 1, 0, 1] })
    const [empty, short, cut] = broken()
    const { report } = await packing.pack({
      'a.parquet': empty!,
      'b.parquet': short!,
      'train.parquet': whole,
    })
    expect(report.ignored).toMatchObject([{ path: 'a.parquet' }, { path: 'b.parquet' }])
    expect(await refusalOf({ 'a.parquet': cut!, 'train.parquet': whole })).toMatch(
      /“a.parquet” cannot be read: it does not begin and end as a Parquet file/,
    )
  })

  it('by itself is refused by its name', async () => {
    for (const bytes of broken())
      expect(await refusalOf({ 'a.parquet': bytes })).toMatch(/“a.parquet” cannot be read: /)
  })

  it('hides no whole one that comes behind it, where images lie beside them', async () => {
    const whole = craftParquet({ images, labels: [0, 1, 0, 1], names: ['cat', 'dog'] })
    const done = await packing.pack({
      'a.parquet': Buffer.alloc(0),
      'train.parquet': whole,
      'logo.png': images[0]!,
    })
    expect(done.manifest.classes).toEqual(['cat', 'dog'])
  })
})
