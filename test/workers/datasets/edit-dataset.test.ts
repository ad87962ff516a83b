import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatasetEdit } from '../../../contract/edits/dataset-edit.ts'
import type { ClassificationDataset } from '../../../contract/packed/manifest.ts'
import { InvalidDatasetError } from '../../../workers/datasets/archives/invalid-dataset-error.ts'
import { editDataset } from '../../../workers/datasets/edit/edit-dataset.ts'
import { Packing } from './packing.ts'
import { png, twoClasses } from './pictures.ts'

let packing: Packing
/** Ten dark and ten light images to learn from, three of each to test with. */
let whole: ClassificationDataset
beforeAll(async () => {
  packing = await Packing.begin()
  whole = (await packing.pack(await twoClasses(10))).manifest
})
afterAll(() => packing.end())

async function edit(change: Partial<DatasetEdit>) {
  const { manifest, report } = await editDataset(whole, DatasetEdit.parse(change), packing.storage)
  if (manifest.kind !== 'CLASSIFICATION') throw new Error('the kind changed')
  return { manifest, report }
}

async function picturesOf(
  { splits, height, width, channels }: ClassificationDataset,
  split: 'train' | 'test',
) {
  const bytes = await packing.bytesOf(splits[split])
  const size = height * width * channels
  return Array.from({ length: splits[split].count }, (_, i) =>
    bytes.toString('hex', i * size, (i + 1) * size),
  )
}

describe('an edit', () => {
  it('leaves images out and keeps the others as they were, bit by bit', async () => {
    const { manifest, report } = await edit({ drop: [{ split: 'train', indices: [0, 3, 3] }] })
    const before = await picturesOf(whole, 'train')
    expect(await picturesOf(manifest, 'train')).toEqual(before.filter((_, i) => i !== 0 && i !== 3))
    expect(manifest.splits.train.classCounts).toEqual([8, 10])
    expect(manifest.splits.test).toEqual(whole.splits.test)
    expect(report.notes[0]).toBe('Made of another version: 24 of its 26 images.')
  })

  it('moves images to the end of the other split', async () => {
    const { manifest } = await edit({
      move: [
        { split: 'train', indices: [1] },
        { split: 'test', indices: [5] },
      ],
    })
    const [train, test] = [await picturesOf(whole, 'train'), await picturesOf(whole, 'test')]
    expect((await picturesOf(manifest, 'test')).at(-1)).toBe(train[1])
    expect((await picturesOf(manifest, 'train')).at(-1)).toBe(test[5])
    expect([manifest.splits.train.count, manifest.splits.test.count]).toEqual([20, 6])
    expect(manifest.channelMeans).not.toEqual(whole.channelMeans)
  })

  it('renames classes, and takes the same images for the same seed', async () => {
    const subset = { trainPerClass: 4, testPerClass: null, seed: 7 }
    const { manifest } = await edit({ rename: [{ from: 'dark', to: 'night' }], subset })
    expect(manifest.classes).toEqual(['night', 'light'])
    expect(manifest.splits.train.classCounts).toEqual([4, 4])
    expect((await edit({ subset })).manifest.splits).toEqual(manifest.splits)
    const other = await edit({ subset: { ...subset, seed: 8 } })
    expect(other.manifest.splits.train.shards).not.toEqual(manifest.splits.train.shards)
  })

  it('keeps validation images and those without labels, from which none is moved', async () => {
    const more = Object.entries(await twoClasses(2)).map(([name, image]) => [
      `val${name.slice(name.indexOf('/'))}`,
      image,
    ])
    const entries = {
      ...(await twoClasses(10)),
      ...Object.fromEntries(more),
      'unlabelled/0.png': await png(3),
    }
    const { manifest: three } = await packing.pack(entries)
    const { validation, unlabelled } = three.splits
    const changed = async (change: Partial<DatasetEdit>) =>
      (await editDataset(three, DatasetEdit.parse(change), packing.storage)).manifest
        .splits as typeof three.splits
    const rename = await changed({ rename: [{ from: 'dark', to: 'night' }] })
    expect(rename).toMatchObject({ validation, unlabelled })
    const learned = await changed({ move: [{ split: 'validation', indices: [0] }] })
    expect([learned.train.count, learned.validation?.count]).toEqual([21, validation!.count - 1])
    const moved = changed({ move: [{ split: 'unlabelled', indices: [0] }] })
    await expect(moved).rejects.toThrow(/Images without labels cannot be trained on/)
  })

  const places = (split: 'train' | 'test', from: number, to: number) => [
    { split, indices: Array.from({ length: to - from }, (_, i) => from + i) },
  ]
  it.each([
    ['merges all classes into one', { rename: [{ from: 'dark', to: 'light' }] }, /Fewer than two classes/],
    ['leaves a class nothing to learn from', { drop: places('train', 0, 10) }, /no training image/],
    ['leaves nothing to test with', { drop: places('test', 0, 6) }, /No test image would be left/],
    ['names an image that is not there', { drop: places('test', 6, 7) }, /no image 6 in “test”/],
    ['names a class that is not there', { rename: [{ from: 'grey', to: 'x' }] }, /no class “grey”/],
  ] as [string, Partial<DatasetEdit>, RegExp][])('is refused where it %s', async (_, change, words) => {
    const error = await edit(change).catch((problem) => problem)
    expect(error).toBeInstanceOf(InvalidDatasetError)
    expect(error.message).toMatch(words)
  })

  it('that changes nothing is none', () => {
    expect(DatasetEdit.safeParse({}).success).toBe(false)
    expect(DatasetEdit.safeParse({ drop: [], extra: 1 }).success).toBe(false)
  })
})
