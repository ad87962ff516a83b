import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DoubtKind } from '../../../../contract/dataset-doubts.ts'
import { InvalidDatasetError } from '../../../../workers/datasets/archives/invalid-dataset-error.ts'
import { inspectDataset } from '../../../../workers/datasets/pack/inspect-dataset.ts'
import { packDataset } from '../../../../workers/datasets/pack/pack.ts'
import { craftTar } from '../crafted-tar.ts'
import { folderNamed, picturesNamed, written } from '../layouts.ts'
import { Packing } from '../packing.ts'
import { png, writeZip } from '../pictures.ts'

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

const understood = async (layout: string[], more: Record<string, Buffer | string> = {}) =>
  written(packing, { ...(await picturesNamed(layout)), ...more })

const refusalOf = async (layout: string[]) => {
  const error = await understood(layout).catch((problem) => problem)
  expect(error).toBeInstanceOf(InvalidDatasetError)
  return (error as InvalidDatasetError).message
}

/** Training images of cat and dog, then test images of both. */
const CATS_AND_DOGS = { classes: ['cat', 'dog'], train: [4, 4], test: [2, 2] }

describe('splits are recognised by what their folders’ names say', () => {
  it.each([
    ['training_set', 'test_set'],
    ['train_data', 'test_data'],
    ['seg_train/seg_train', 'seg_test/seg_test'],
    ['data/Train', 'data/Validation'],
    ['my set/TrainingSet', 'my set/TestSet'],
    ['train/train', 'test/test'],
    ['train/images', 'val/images'],
    ['pets_train', 'pets_test'],
    ['train2017', 'val2017'],
    ['dataset-training', 'dataset-testing'],
    ['1. Images/a. Training Set', '1. Images/b. Testing Set'],
  ])('%s and %s', async (train, test) => {
    const layout = [
      ...folderNamed(`${train}/cat`, 4),
      ...folderNamed(`${train}/dog`, 4),
      ...folderNamed(`${test}/cat`, 2),
      ...folderNamed(`${test}/dog`, 2),
    ]
    expect(await understood(layout)).toMatchObject({ ...CATS_AND_DOGS, doubts: [] })
  })

  it('in the classes as well, and says so', async () => {
    const layout = ['cat', 'dog'].flatMap((name) => [
      ...folderNamed(`${name}/train`, 4),
      ...folderNamed(`${name}/test`, 2),
    ])
    const { notes, ...found } = await understood(layout)
    expect(found).toMatchObject({ ...CATS_AND_DOGS, doubts: [] })
    expect(notes).toContainEqual(expect.stringContaining('The splits lie in the classes'))
  })

  it('and a class that has such a name stays a class, which is told', async () => {
    const layout = ['train', 'bus', 'bicycle'].flatMap((name) => folderNamed(name, 5))
    const found = await understood(layout)
    expect(found).toMatchObject({ classes: ['bicycle', 'bus', 'train'], doubts: ['SPLIT_NAMED_CLASS'] })
    expect(
      (await understood(['train_station', 'airport'].flatMap((name) => folderNamed(name, 5)))).classes,
    ).toEqual(['airport', 'train_station'])
  })

  it.each([
    [['images/train2017', 'images/val2017'], /“train2017” and “val2017” are splits, not classes/],
    [['train', 'test'], /are splits, not classes/],
    [['train/images', 'train/labels', 'valid/images', 'valid/labels'], /are splits, not classes/],
    [['image_train', 'image_query', 'image_test'], /are splits, not classes/],
    [['test_set/cat', 'test_set/dog'], /no “train” folder/],
    [['images', 'annotations/trimaps'], /“annotations\/” holds masks or annotations/],
    [['JPEGImages', 'SegmentationClass', 'SegmentationObject'], /masks or annotations/],
    [['fold_0', 'fold_1'], /are folds of a cross-validation/],
  ])('%j alone, without classes, are refused', async (folders, words) => {
    expect(await refusalOf(folders.flatMap((name) => folderNamed(name, 3)))).toMatch(words)
  })

  it('and validation images beside test images are kept to choose checkpoints by, never to test with', async () => {
    const layout = ['train', 'val', 'test'].flatMap((split) => [
      ...folderNamed(`${split}/cat`, split === 'train' ? 4 : 2),
      ...folderNamed(`${split}/dog`, split === 'train' ? 4 : 2),
    ])
    const found = await understood(layout)
    expect(found).toMatchObject({ ...CATS_AND_DOGS, validation: [2, 2], leftOut: [], doubts: [] })
    expect(found.notes).toContainEqual(expect.stringContaining('4 images for validation'))
  })

  it('but validation images of a class without training images choose nothing, and are named', async () => {
    const layout = ['train', 'val', 'test'].flatMap((split) =>
      ['cat', 'dog'].flatMap((name) => folderNamed(`${split}/${name}`, split === 'train' ? 4 : 2)),
    )
    const { leftOut, ...found } = await understood([...layout, 'val/fox/0.png'])
    expect(found).toMatchObject({ ...CATS_AND_DOGS, validation: [2, 2] })
    expect(leftOut).toMatchObject([{ path: 'val/fox/0.png' }])
  })

  it.each([
    ['test', ['UNLABELLED_SET_ASIDE']],
    ['unlabelled', []],
    ['Unlabeled/images', []],
    ['train_unlabeled', []],
  ])('and images without labels in “%s” are kept as such', async (folder, doubts) => {
    const layout = [
      ...['cat', 'dog'].flatMap((name) => [
        ...folderNamed(`train/${name}`, 4),
        ...folderNamed(`val/${name}`, 2),
      ]),
      ...folderNamed(folder, 3),
    ]
    expect(await understood(layout)).toMatchObject({ ...CATS_AND_DOGS, unlabelled: 3, leftOut: [], doubts })
  })

  it('beside a folder of what is labelled', async () => {
    const layout = ['labeled/cat', 'labeled/dog', 'unlabeled'].flatMap((name) => folderNamed(name, 5))
    expect(await understood(layout)).toMatchObject({ classes: ['cat', 'dog'], unlabelled: 5, doubts: [] })
  })

  it('beside the classes, too, where there are no splits', async () => {
    const layout = ['cat', 'dog', 'unlabelled'].flatMap((name) => folderNamed(name, 5))
    expect(await understood(layout)).toMatchObject({ classes: ['cat', 'dog'], unlabelled: 5, doubts: [] })
  })
})

describe('what may have been meant otherwise is told', () => {
  const cases: [DoubtKind, string[], string[]][] = [
    ['FOLDS', ['fold_0/cat', 'fold_0/dog', 'fold_1/cat', 'fold_1/dog'], ['cat', 'dog']],
    [
      'REPEATED_CLASSES',
      ['web/images/cat', 'web/images/dog', 'own/images/cat', 'own/images/dog'],
      ['own', 'web'],
    ],
    ['REPEATED_CLASSES', ['photo/cat', 'photo/dog', 'sketch/cat', 'sketch/dog'], ['photo', 'sketch']],
    ['MASKS', ['cat/images', 'cat/masks', 'dog/images', 'dog/masks'], ['cat', 'dog']],
    ['MASKS', ['cells', 'nuclei', 'masks'], ['cells', 'masks', 'nuclei']],
    [
      'SEVERAL_CANDIDATES',
      ['a/train/cat', 'a/train/dog', 'b/train/cat', 'b/train/dog', 'b/train/fox'],
      ['cat', 'dog', 'fox'],
    ],
    [
      'SEVERAL_CANDIDATES',
      ['fold1/train/cat', 'fold1/train/dog', 'fold2/train/cat', 'fold2/train/dog'],
      ['cat', 'dog'],
    ],
    ['IMAGES_OUTSIDE', ['train/cat', 'train/dog', 'extra'], ['cat', 'dog']],
  ]
  it.each(cases)('%s: %j', async (kind, folders, classes) => {
    const found = await understood(folders.flatMap((name) => folderNamed(name, 5)))
    expect(found.classes).toEqual(classes)
    expect(found.doubts).toContain(kind)
  })

  it('masks that lie beside their images by name, which are left out', async () => {
    const layout = ['benign', 'normal'].flatMap((name) => [...folderNamed(name, 5), `${name}/1_mask.png`])
    const { leftOut, doubts } = await understood(layout)
    expect(leftOut.map(({ path }) => path)).toEqual(['benign/1_mask.png', 'normal/1_mask.png'])
    expect(doubts).toEqual(['MASKS'])
  })

  it('numbered folders with one image each', async () => {
    const layout = [
      ...['0001', '0002', '0003', '0004'].flatMap((name) => folderNamed(name, 1)),
      ...folderNamed('0005', 5),
    ]
    expect((await understood(layout)).doubts).toContain('SINGLE_IMAGE_CLASSES')
  })

  it('a class that nothing tests, and one that only holds images of another sort', async () => {
    const layout = ['cat', 'dog'].flatMap((name) => [
      ...folderNamed(`train/${name}`, 4),
      ...folderNamed(`test/${name}`, 2),
    ])
    const found = await understood([...layout, ...folderNamed('train/fox', 3)])
    expect(found.doubts).toEqual(['CLASS_IN_ONE_SPLIT'])
    const lost = await understood(layout, { 'train/owl/1.svg': 'x', 'test/owl/1.svg': 'x' })
    expect(lost.doubts).toEqual(['UNREADABLE_CLASS'])
    expect(lost.messages[0]).toContain('“owl”')
    const filmed = await understood(layout, { 'train/owl/1.mp4': 'x', 'train/bee/.gitkeep': '' })
    expect(filmed.doubts).toEqual(['UNREADABLE_CLASS', 'EMPTY_CLASS'])
    expect(filmed.messages[0]).toMatch(/“owl”.*“train\/owl\/1\.mp4” is a video/)
    expect(filmed.messages[1]).toContain('“bee”')
  })

  it('numbered folders by the names of a text beside them', async () => {
    const layout = ['0', '1'].flatMap((name) => folderNamed(name, 5))
    const found = await understood(layout, { 'classes.txt': 'cat\ndog\n' })
    expect(found).toMatchObject({ classes: ['cat', 'dog'], ignored: [], doubts: [] })
    expect(found.notes[0]).toContain('“classes.txt”')
    const other = await understood(layout, { 'classes.txt': 'cat\ndog\nfox\n' })
    expect(other).toMatchObject({ classes: ['0', '1'], ignored: ['classes.txt'] })
  })

  it('folders of classes that are empty', async () => {
    const entries = await picturesNamed(['cat', 'dog'].flatMap((name) => folderNamed(`train/${name}`, 5)))
    const files = Object.entries(entries).map(([name, content]) => ({ name, content }))
    const tar = path.join(packing.folder, 'empty-class.tar')
    await writeFile(tar, craftTar([...files, { name: 'train/fox/', type: '5', content: Buffer.alloc(0) }]))
    const { report, manifest } = await packDataset(tar, packing.storage)
    expect(manifest.classes).toEqual(['cat', 'dog'])
    expect(report.doubts).toMatchObject([{ kind: 'EMPTY_CLASS', message: expect.stringContaining('“fox”') }])
  })

  it.each(['Cat', 'cat_', 'CAT'])('training images of “%s” and test images of “cat”', async (name) => {
    const names = [`train/${name}`, 'train/dog', 'test/cat', 'test/dog'].flatMap((folder) =>
      folderNamed(folder, 2),
    )
    await expect(written(packing, await picturesNamed(names))).rejects.toThrow(
      `The class “cat” has test images but no training image. There are training images of “${name}”: if that is the same class`,
    )
  })

  it('the same image under two labels, with both, before the import too', async () => {
    const same = await png(99)
    const archive = await writeZip(path.join(packing.folder, 'same.zip'), {
      ...(await picturesNamed(['cat', 'dog'].flatMap((name) => folderNamed(`train/${name}`, 5)))),
      'train/cat/x.png': same,
      'train/dog/y.png': same,
    })
    const { report } = await packDataset(archive, packing.storage)
    const inspection = await inspectDataset(archive)
    const told = {
      kind: 'SAME_IMAGE_TWO_LABELS',
      message: expect.stringMatching(/“train\/cat\/x\.png” \(cat\) and “train\/dog\/y\.png” \(dog\)/),
    }
    expect(report.doubts).toMatchObject([told])
    expect(inspection).toMatchObject({ doubts: [told] })
  })
})
