import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FORMAT_NAMES } from '../../../../contract/dataset-formats.ts'
import type { ClassificationDataset } from '../../../../contract/packed/manifest.ts'
import { openDatasetFiles } from '../../../../workers/datasets/archives/dataset-files.ts'
import { InvalidDatasetError } from '../../../../workers/datasets/archives/invalid-dataset-error.ts'
import { recognizeFormat } from '../../../../workers/datasets/formats/arrange-files.ts'
import { FORMATS } from '../../../../workers/datasets/formats/index.ts'
import { packDataset } from '../../../../workers/datasets/pack/pack.ts'
import { craftTar, tarGz } from '../crafted-tar.ts'
import { Packing } from '../packing.ts'
import { png, twoClasses, writeZip } from '../pictures.ts'

const REFERENCES = path.join('test', 'references', 'formats')

interface Expected {
  format: string
  classes: string[]
  superclasses?: string[]
  shape: [number, number, number]
  train: { labels: number[]; sha256: string[] }
  test: { labels: number[]; sha256: string[] }
}

/** What test/references/formats.py says is in the archives that it wrote. */
const expected: Record<string, Expected> = JSON.parse(
  await readFile(path.join(REFERENCES, 'expected.json'), 'utf8'),
)

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

async function packFile(location: string): Promise<ClassificationDataset> {
  const { manifest } = await packDataset(location, packing.storage)
  if (manifest.kind !== 'CLASSIFICATION') throw new Error(`it was read for ${manifest.kind}`)
  return manifest
}

async function formatOf(location: string): Promise<string> {
  const files = await openDatasetFiles(location)
  return recognizeFormat(files).finally(() => files.close())
}

async function write(name: string, bytes: Buffer): Promise<string> {
  const location = path.join(packing.folder, name)
  await writeFile(location, bytes)
  return location
}

async function hashesOf(dataset: ClassificationDataset, split: 'train' | 'test'): Promise<string[]> {
  const bytes = await packing.bytesOf(dataset.splits[split])
  const size = dataset.height * dataset.width * dataset.channels
  return Array.from({ length: dataset.splits[split].count }, (_, i) =>
    createHash('sha256')
      .update(bytes.subarray(i * size, (i + 1) * size))
      .digest('hex'),
  )
}

describe.each(Object.entries(expected))('%s', (name, wanted) => {
  const location = path.join(REFERENCES, name)

  it('is recognised', async () => {
    expect(await formatOf(location)).toBe(wanted.format)
  })

  it('is packed to the very images, labels and classes that were written', async () => {
    const dataset = await packFile(location)
    expect([dataset.height, dataset.width, dataset.channels]).toEqual(wanted.shape)
    expect(dataset.classes).toEqual(wanted.classes)
    expect(dataset.superclasses).toEqual(wanted.superclasses)
    for (const split of ['train', 'test'] as const) {
      expect(await packing.labelsOf(dataset.splits[split])).toEqual(wanted[split].labels)
      expect(await hashesOf(dataset, split)).toEqual(wanted[split].sha256)
    }
  })

  it('is brought to another size and to grey where that is asked for', async () => {
    const { manifest, report } = await packDataset(location, packing.storage, {
      wanted: { height: 16, width: 16, channels: 1 },
    })
    expect(manifest).toMatchObject({ height: 16, width: 16, channels: 1 })
    expect(report.resizedCount).toBe(wanted.train.labels.length + wanted.test.labels.length)
  })
})

describe('folders of images', () => {
  it('give the same bytes from a zip, a tar and a tar.gz, with split folders and without', async () => {
    for (const prefix of ['', 'pictures/']) {
      const entries = Object.fromEntries(
        Object.entries(await twoClasses(6)).map(([name, bytes]) => [
          prefix === '' ? name : name.replace('/', '-').replace(/^(train|test)-(\w+)/, `${prefix}$2/$1`),
          bytes,
        ]),
      )
      const zip = await packFile(await writeZip(path.join(packing.folder, 'a.zip'), entries))
      const tar = craftTar(Object.entries(entries).map(([name, content]) => ({ name, content })))
      const gz = tarGz(entries)
      expect(await packFile(await write('a.tar', tar))).toEqual(zip)
      expect(await packFile(await write('a.tar.gz', gz))).toEqual(zip)
      expect(await formatOf(path.join(packing.folder, 'a.tar.gz'))).toBe('image-folder')
    }
  })
})

describe('a list of images', () => {
  const rows = [
    ['images/1.png', 'cat', 'train'],
    ['images/2.png', 'dog', 'train'],
    ['images/3.png', 'cat', 'test'],
    ['images/4.png', 'dog', 'validation'],
  ] as const
  const pictures = async () =>
    Object.fromEntries(await Promise.all(rows.map(async ([name], i) => [name, await png(i)] as const)))
  const csv = (lines: readonly (readonly string[])[]) => lines.map((line) => `${line.join(',')}\r\n`).join('')
  const LISTS: [string, string][] = [
    ['manifest.csv', `\ufeff${csv([['path', 'label', 'split'], ...rows])}`],
    [
      'metadata.jsonl',
      rows.map(([file_name, label, split]) => `${JSON.stringify({ file_name, label, split })}\n`).join(''),
    ],
  ]

  it.each(LISTS)('%s says which image is of which class and split', async (name, text) => {
    const location = await writeZip(path.join(packing.folder, 'l.zip'), {
      ...(await pictures()),
      [name]: text,
    })
    expect(await formatOf(location)).toBe('listed-pictures')
    const dataset = await packFile(location)
    expect(dataset.classes).toEqual(['cat', 'dog'])
    expect(dataset.splits.train.classCounts).toEqual([1, 1])
    expect(dataset.splits.test.classCounts).toEqual([1, 0])
    expect(dataset.splits.validation?.classCounts).toEqual([0, 1])
    expect(await packing.labelsOf(dataset.splits.test)).toEqual([0])
  })

  it('lies beside its images below any folder, and without splits a fifth is set aside', async () => {
    const listed = Array.from({ length: 10 }, (_, i) => [`p${i}.png`, i % 2 ? 'odd' : 'even'])
    const entries: Record<string, Buffer | string> = {
      'set/labels.csv': csv([['filename', 'class'], ...listed]),
    }
    for (const [i, [name]] of listed.entries()) entries[`set/${name}`] = await png(i)
    const { manifest, report } = await packing.pack(entries)
    expect(manifest.classes).toEqual(['even', 'odd'])
    expect(manifest.splits.test.classCounts).toEqual([1, 1])
    expect(report.notes[0]).toBe('Labels are as “set/labels.csv” has them.')
  })

  it('that names what is not there, what lies outside and what is not an image says so of each', async () => {
    const more = csv([
      ['images/9.png', 'cat', 'train'],
      ['../../../etc/passwd', 'cat', 'train'],
      ['images/1.png', 'dog', 'train'],
      ['notes.txt', 'dog', 'train'],
      ['images/5.png', 'dog', 'holdout'],
    ])
    const list = csv([['path', 'label', 'split'], ...rows]) + more
    const { report } = await packing.pack({
      ...(await pictures()),
      'images/5.png': await png(5),
      'images/6.png': await png(6),
      'notes.txt': 'x',
      'manifest.csv': list,
    })
    expect(report.leftOut.map(({ reason }) => reason).sort()).toEqual([
      'it is listed a second time',
      'it is listed, but not there',
      'it is listed, but not there',
      'its split is “holdout”, not train or test',
      'not an image',
    ])
    expect(report.ignored).toContainEqual({
      path: 'images/6.png',
      reason: '“manifest.csv” does not name it',
    })
  })

  it.each([
    ['manifest.csv', 'a,b\nc,d\n', /names no columns “path” and “label”/],
    ['manifest.csv', `path,label\n"${'x'.repeat(200_000)}",cat\n`, /line 2: a line is longer than 64 KiB/],
    ['manifest.jsonl', '{"path": 1}\n', /Line 1 of “manifest.jsonl” is no JSON object/],
    ['manifest.jsonl', '{"__proto__": {"path": "images/1.png", "label": "cat"}}\n', /is no JSON object/],
    ['manifest.jsonl', `"${'x'.repeat(200_000)}`, /a line of more than 64 KiB/],
    ['manifest.csv', 'path,label\nimages/1.png,cat\n', /have the label “cat”; two at least/],
    ['manifest.csv', 'path,label\nnowhere.png,cat\n', /names no image that is there/],
  ])('is refused: %s, case %#', async (name, text, words) => {
    const error = await packing.pack({ ...(await pictures()), [name]: text }).catch((problem) => problem)
    expect(error).toBeInstanceOf(InvalidDatasetError)
    expect(error.message).toMatch(words)
  })
})

describe('the index of formats', () => {
  it('has one format for each name, and the tests of this folder one archive for each', async () => {
    expect(Object.keys(FORMATS)).toEqual([...FORMAT_NAMES])
    const tried = [...Object.values(expected).map(({ format }) => format), 'image-folder', 'listed-pictures']
    // Those of identities have a file of their own, market-1501.test.ts, and so have arrays-and-samples.test.ts.
    const elsewhere = ['market-1501', 'msmt17', 'numpy-arrays', 'parquet', 'webdataset']
    expect(new Set([...tried, ...elsewhere])).toEqual(new Set(FORMAT_NAMES))
  })
})
