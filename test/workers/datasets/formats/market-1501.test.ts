import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IdentifiedSplit, PackedDataset } from '../../../../contract/packed/manifest.ts'
import { DiskStorage } from '../../../../storage/disk.ts'
import { openDatasetFiles } from '../../../../workers/datasets/archives/dataset-files.ts'
import { InvalidDatasetError } from '../../../../workers/datasets/archives/invalid-dataset-error.ts'
import { recognizeFormat } from '../../../../workers/datasets/formats/arrange-files.ts'
import { packDataset } from '../../../../workers/datasets/pack/pack.ts'
import { locateBlobs } from '../../../../workers/training/locate-blobs.ts'
import { png, writeZip } from '../pictures.ts'

let folder: string
let storage: DiskStorage

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'market-'))
  storage = new DiskStorage(path.join(folder, 'storage'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** An image under each name, every one of them another. */
async function picturesNamed(names: string[]): Promise<Record<string, Buffer>> {
  return Object.fromEntries(await Promise.all(names.map(async (name, i) => [name, await png(i)] as const)))
}

const SMALL = [
  'bounding_box_train/0002_c1s1_000451_03.jpg',
  'bounding_box_train/0002_c3s2_000451_03.jpg',
  'bounding_box_train/0007_c2s1_000001_01.jpg',
  'query/0011_c1s1_000003_00.jpg',
  'query/0012_c2s1_000004_00.jpg',
  'bounding_box_test/-1_c1s1_000005_02.jpg',
  'bounding_box_test/0000_c3s1_000006_02.jpg',
  'bounding_box_test/0011_c1s1_000007_02.jpg',
  'bounding_box_test/0011_c4s1_000008_02.jpg',
  'bounding_box_test/0012_c2s1_000009_02.jpg',
]

async function pack(names: string[], more: Record<string, Buffer | string> = {}) {
  const file = path.join(folder, 'market.zip')
  return packDataset(await writeZip(file, { ...(await picturesNamed(names)), ...more }), storage)
}

async function refusalOf(names: string[]): Promise<string> {
  const error = await pack(names).catch((problem) => problem)
  expect(error).toBeInstanceOf(InvalidDatasetError)
  return error.message
}

function retrievalSplits(manifest: PackedDataset) {
  if (manifest.kind !== 'RETRIEVAL') throw new Error(`it was packed for ${manifest.kind}`)
  return manifest.splits
}

async function numbersOf(sha256: string): Promise<number[]> {
  const bytes = await buffer(storage.read(sha256))
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(4 * i))
}

async function identitiesOf({ identitiesSha256, camerasSha256 }: IdentifiedSplit): Promise<number[][]> {
  const [identities, cameras] = [await numbersOf(identitiesSha256), await numbersOf(camerasSha256)]
  return identities.map((identity, i) => [identity, cameras[i]!])
}

describe('a dataset of Market-1501’s form', () => {
  it('becomes training identities, queries and a gallery with their cameras', async () => {
    const { manifest, report } = await pack(SMALL)
    const { train, query, gallery } = retrievalSplits(manifest)
    expect(manifest.classes).toEqual(['0002', '0007'])
    expect(await numbersOf(train.labelsSha256)).toEqual([0, 0, 1])
    expect(train.classCounts).toEqual([2, 1])
    expect(await identitiesOf(query)).toEqual([
      [11, 1],
      [12, 2],
    ])
    expect(await identitiesOf(gallery)).toEqual([
      [0, 3],
      [11, 1],
      [11, 4],
      [12, 2],
    ])
    const pixels = await buffer(storage.read(query.shards[0]!.sha256))
    expect(
      pixels.subarray(0, 192).equals(
        await sharp(await png(3))
          .raw()
          .toBuffer(),
      ),
    ).toBe(true)
    expect(report.leftOut).toEqual([
      {
        path: 'bounding_box_test/-1_c1s1_000005_02.jpg',
        reason: 'junk (identity -1), as the protocol has it',
      },
    ])
    expect(report.notes).toEqual([
      'Read as Market-1501: 2 queries, 4 gallery images.',
      '1 junk image of the gallery left out.',
      '1 distractor kept in the gallery.',
      '1 query has no match from another camera and will not count.',
    ])
  })

  it('lies below a folder of any name, with DukeMTMC’s file names, beside files of other uses', async () => {
    const below = SMALL.map(
      (name) => `Market-1501-v15.09.15/${name.replace(/s\d_(\d+)_\d+\.jpg/, '_f$1.jpg')}`,
    )
    const { manifest, report } = await pack(below, {
      'Market-1501-v15.09.15/readme.txt': 'hello',
      'Market-1501-v15.09.15/gt_bbox/0011_c1s1_000007_00.jpg': await png(50),
      'Market-1501-v15.09.15/query/holiday.jpg': await png(51),
      'Market-1501-v15.09.15/query/0000_c1s1_000007_00.jpg': await png(52),
      'Market-1501-v15.09.15/bounding_box_train/0000_c1s1_000007_00.jpg': await png(53),
    })
    expect(retrievalSplits(manifest).gallery.count).toBe(4)
    expect(report.ignored.map(({ reason }) => reason)).toEqual(
      new Array(2).fill('it lies outside the three folders of Market-1501'),
    )
    expect(report.leftOut.map(({ reason }) => reason)).toEqual([
      'junk (identity -1), as the protocol has it',
      'a distractor (identity 0000) is nobody to learn',
      'a distractor (identity 0000) is nobody to search for',
      'its name is not like 0002_c1s1_000451_03.jpg',
    ])
  })

  it('names all of its blobs, and only they are looked for', async () => {
    const { manifest } = await pack(SMALL)
    const { paths, missing } = await locateBlobs(manifest, storage)
    const { train, query, gallery } = retrievalSplits(manifest)
    expect(missing).toEqual([])
    for (const sha256 of [train.labelsSha256, query.camerasSha256, gallery.identitiesSha256])
      expect(paths[sha256]).toBe(await storage.fetchLocal(sha256))
  })

  it.each([
    ['market-1501', SMALL],
    ['image-folder', ['train/cat/1.jpg', 'test/cat/2.jpg']],
    ['image-folder', ['bounding_box_train/cat.jpg', 'query/cat.jpg']],
  ])('is told from an ImageFolder by its names: %s', async (format, names) => {
    const file = await writeZip(path.join(folder, 'names.zip'), await picturesNamed(names))
    const files = await openDatasetFiles(file)
    expect(await recognizeFormat(files)).toBe(format)
    await files.close()
  })

  const without = (start: string) => SMALL.filter((name) => !name.startsWith(start))
  it.each([
    ['no queries', without('query/'), /folder “query” is missing/],
    ['no gallery', without('bounding_box_test/'), /folder “bounding_box_test” is missing/],
    ['one identity to learn', without('bounding_box_train/0007'), /of one identity, 0002/],
    ['no query that could be found', without('bounding_box_test/0011_c4'), /nothing could be found/],
  ])('is refused with %s', async (_, names, words) => {
    expect(await refusalOf(names)).toMatch(words)
  })
})

describe('the sample', () => {
  it('is such a dataset', async () => {
    const { manifest, report } = await packDataset('samples/omniglot-sample.zip', storage)
    const { train, query, gallery } = retrievalSplits(manifest)
    expect([manifest.classes.length, train.count, query.count, gallery.count]).toEqual([50, 1000, 180, 440])
    expect(report).toMatchObject({ pictures: 1620, leftOutCount: 20, ignoredCount: 1 })
  })
})

describe('other sets of identities', () => {
  it('VeRi-776: the same names in three other folders', async () => {
    const names = SMALL.map((name) =>
      name
        .replace('bounding_box_', 'image_')
        .replace('query/', 'image_query/')
        .replace(/_c(\d)s\d/, '_c00$1'),
    )
    const veri = await pack(names.filter((name) => !name.includes('-1_')))
    const market = await pack(SMALL)
    expect(veri.manifest.classes).toEqual(market.manifest.classes)
    const [{ query, gallery }, expected] = [retrievalSplits(veri.manifest), retrievalSplits(market.manifest)]
    expect(await numbersOf(query.identitiesSha256)).toEqual(await numbersOf(expected.query.identitiesSha256))
    expect(await numbersOf(gallery.camerasSha256)).toEqual(await numbersOf(expected.gallery.camerasSha256))
    expect(veri.report.notes[0]).toContain('Read as VeRi-776')
  })

  it('MSMT17: by its lists, with identity 0 as a person and its validation images set aside', async () => {
    const train = ['0000/0000_000_01_0303morning_0008_0.jpg', '0001/0001_000_05_0303noon_0001_0.jpg']
    const val = ['0001/0001_001_06_0303noon_0002_0.jpg']
    const query = ['0000/0000_000_02_0303morning_0010_0.jpg']
    const gallery = ['0000/0000_001_07_0303noon_0011_1.jpg', '0003/0003_000_02_0303noon_0012_1.jpg']
    const list = (names: string[]) => names.map((name) => `${name} ${Number(name.slice(0, 4))}\n`).join('')
    const names = [
      ...[...train, ...val].map((name) => `MSMT17_V1/train/${name}`),
      ...[...query, ...gallery].map((name) => `MSMT17_V1/test/${name}`),
    ]
    const { manifest, report } = await pack(names, {
      'MSMT17_V1/list_train.txt': list(train),
      'MSMT17_V1/list_val.txt': list(val),
      'MSMT17_V1/list_query.txt': list(query),
      'MSMT17_V1/list_gallery.txt': list(gallery),
    })
    const splits = retrievalSplits(manifest)
    expect(manifest.classes).toEqual(['0001', '0002'])
    expect(splits.train.count).toBe(2)
    expect(await numbersOf(splits.query.identitiesSha256)).toEqual([1])
    expect(await numbersOf(splits.gallery.identitiesSha256)).toEqual([1, 4])
    expect(await numbersOf(splits.gallery.camerasSha256)).toEqual([7, 2])
    expect(report.doubts).toMatchObject([{ kind: 'VALIDATION_SET_ASIDE' }])
  })
})
