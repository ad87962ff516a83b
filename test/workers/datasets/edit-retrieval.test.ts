import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatasetEdit } from '../../../contract/edits/dataset-edit.ts'
import type { IdentifiedSplit, PackedSplit, RetrievalDataset } from '../../../contract/packed/manifest.ts'
import { DiskStorage } from '../../../storage/disk.ts'
import { InvalidDatasetError } from '../../../workers/datasets/archives/invalid-dataset-error.ts'
import { editDataset } from '../../../workers/datasets/edit/edit-dataset.ts'
import { packDataset } from '../../../workers/datasets/pack/pack.ts'
import { png, writeZip } from './pictures.ts'

/** Two of identity 2 and one each of 7 and 9 to learn from; 11 and 12 are searched for, each found by another camera. */
const NAMES = [
  'bounding_box_train/0002_c1s1_000451_03.jpg',
  'bounding_box_train/0002_c3s2_000451_03.jpg',
  'bounding_box_train/0007_c2s1_000001_01.jpg',
  'bounding_box_train/0009_c2s1_000002_01.jpg',
  'query/0011_c1s1_000003_00.jpg',
  'query/0012_c2s1_000004_00.jpg',
  'bounding_box_test/0000_c3s1_000006_02.jpg',
  'bounding_box_test/0011_c4s1_000008_02.jpg',
  'bounding_box_test/0012_c5s1_000009_02.jpg',
  'bounding_box_test/0013_c5s1_000010_02.jpg',
]

let folder: string
let storage: DiskStorage
let whole: RetrievalDataset
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'edit-retrieval-'))
  storage = new DiskStorage(path.join(folder, 'storage'))
  const entries = await Promise.all(NAMES.map(async (name, i) => [name, await png(i)] as const))
  const archive = await writeZip(path.join(folder, 'market.zip'), Object.fromEntries(entries))
  whole = asRetrieval((await packDataset(archive, storage)).manifest)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function asRetrieval(manifest: { kind: string }): RetrievalDataset {
  if (manifest.kind !== 'RETRIEVAL') throw new Error(`it became ${manifest.kind}`)
  return manifest as RetrievalDataset
}

async function edit(change: object) {
  const { manifest, report } = await editDataset(whole, DatasetEdit.parse(change), storage)
  return { manifest: asRetrieval(manifest), report }
}

async function numbersIn(sha256: string): Promise<number[]> {
  const bytes = await buffer(storage.read(sha256))
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(4 * i))
}

async function picturesOf(split: PackedSplit | IdentifiedSplit): Promise<string[]> {
  const parts = await Promise.all(split.shards.map(({ sha256 }) => buffer(storage.read(sha256))))
  const bytes = Buffer.concat(parts)
  const size = bytes.length / split.count
  return Array.from({ length: split.count }, (_, i) => bytes.toString('hex', i * size, (i + 1) * size))
}

describe('an edit of a dataset for retrieval', () => {
  it('leaves images out of each split, with who is on them and the camera, and the others as they were', async () => {
    const { manifest, report } = await edit({
      drop: [
        { split: 'train', indices: [3] },
        { split: 'query', indices: [0] },
        { split: 'gallery', indices: [0, 1] },
      ],
    })
    const { train, query, gallery } = manifest.splits
    expect(manifest.classes).toEqual(['0002', '0007'])
    expect(train.classCounts).toEqual([2, 1])
    expect(await numbersIn(query.identitiesSha256)).toEqual([12])
    expect(await numbersIn(gallery.identitiesSha256)).toEqual([12, 13])
    expect(await numbersIn(gallery.camerasSha256)).toEqual([5, 5])
    expect(await picturesOf(gallery)).toEqual((await picturesOf(whole.splits.gallery)).slice(2))
    expect(report.notes[0]).toBe('Made of another version: 6 of its 10 images.')
  })

  it('makes one of two identities, of those learned and of those searched for', async () => {
    const { manifest, report } = await edit({
      rename: [
        { from: '0009', to: '0002' },
        { from: '13', to: '0012' },
      ],
    })
    expect(manifest.classes).toEqual(['0002', '0007'])
    expect(await numbersIn(manifest.splits.train.labelsSha256)).toEqual([0, 0, 1, 0])
    expect(await numbersIn(manifest.splits.gallery.identitiesSha256)).toEqual([0, 11, 12, 12])
    expect(report.notes).toContain('The identity “0009” became “0002”.')
  })

  it('takes at most so many images of each identity to learn from, and leaves the test whole', async () => {
    const { manifest } = await edit({ subset: { trainPerClass: 1, testPerClass: null, seed: 1 } })
    expect(manifest.splits.train.classCounts).toEqual([1, 1, 1])
    expect(manifest.splits.query).toEqual(whole.splits.query)
    expect(manifest.splits.gallery).toEqual(whole.splits.gallery)
  })

  it.each([
    ['moves images', { move: [{ split: 'query', indices: [0] }] }, /are not moved/],
    [
      'thins out the gallery',
      { subset: { trainPerClass: null, testPerClass: 1, seed: 1 } },
      /not thinned out/,
    ],
    ['names a split that is not there', { drop: [{ split: 'test', indices: [0] }] }, /no split “test”/],
    ['names an image that is not there', { drop: [{ split: 'query', indices: [2] }] }, /no image 2/],
    ['names nobody', { rename: [{ from: '0099', to: '1' }] }, /no identity “0099”/],
    ['names the distractors', { rename: [{ from: '0000', to: '11' }] }, /no identity “0000”/],
    ['makes somebody a distractor', { rename: [{ from: '0011', to: '0' }] }, /“0” is no identity/],
    ['gives a name for a number', { rename: [{ from: '0011', to: 'Eve' }] }, /“Eve” is no identity/],
    [
      'searches for who is learned',
      { rename: [{ from: '0011', to: '2' }] },
      /“0002” would be both trained on and searched for/,
    ],
    [
      'learns who is searched for',
      { rename: [{ from: '0002', to: '12' }] },
      /“0012” would be both trained on and searched for/,
    ],
    ['leaves one to learn', { drop: [{ split: 'train', indices: [2, 3] }] }, /Fewer than two identities/],
    ['leaves no query', { drop: [{ split: 'query', indices: [0, 1] }] }, /No query would be left/],
    ['leaves no gallery', { drop: [{ split: 'gallery', indices: [0, 1, 2, 3] }] }, /No image of the gallery/],
    [
      'leaves nothing to find',
      { drop: [{ split: 'gallery', indices: [1, 2] }] },
      /No query would have a match/,
    ],
  ] as [string, object, RegExp][])('is refused where it %s', async (_, change, words) => {
    const error = await edit(change).catch((problem) => problem)
    expect(error).toBeInstanceOf(InvalidDatasetError)
    expect(error.message).toMatch(words)
  })
})
