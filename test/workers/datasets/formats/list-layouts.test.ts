import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderNamed, picturesNamed, written } from '../layouts.ts'
import { Packing } from '../packing.ts'

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

type Lists = Record<string, string>
const understood = async (names: string[], lists: Lists) =>
  written(packing, { ...(await picturesNamed(names)), ...lists })

/** A header and a row for each name. */
const table = (header: string, names: readonly string[], rowOf: (name: string, i: number) => string) =>
  `${header}\n${names.map((name, i) => `${rowOf(name, i)}\n`).join('')}`
const CATS = (i: number) => (i % 2 === 0 ? 'cat' : 'dog')
const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1)
const stem = (path: string) => baseName(path).replace(/\.\w+$/, '')

describe('labels are read from lists as they come', () => {
  it('Hugging Face’s, one at the root, with the splits of the folders', async () => {
    const [train, test] = [folderNamed('train', 8), folderNamed('test', 4)]
    const names = [...train, ...test]
    const list = table('file_name,label', names, (name) => `${name},${CATS(Number(stem(name)))}`)
    expect(await understood(names, { 'metadata.csv': list })).toMatchObject({
      ...{ classes: ['cat', 'dog'], train: [4, 4], test: [2, 2], doubts: [] },
    })
  })

  it('Hugging Face’s, one in each split, as JSON lines', async () => {
    const lists: Lists = {}
    for (const [split, count] of Object.entries({ train: 8, test: 4 }))
      lists[`${split}/metadata.jsonl`] = folderNamed(split, count)
        .map((name, i) => `${JSON.stringify({ file_name: baseName(name), label: CATS(i), extra: null })}\n`)
        .join('')
    const found = await understood([...folderNamed('train', 8), ...folderNamed('test', 4)], lists)
    expect(found).toMatchObject({ train: [4, 4], test: [2, 2], doubts: [] })
  })

  it.each([
    ['id,label', stem],
    ['image_id,label', baseName],
    ['id,breed', stem],
    ['isic_code,diagnosis', stem],
    ['Image,Id', (name: string) => `train_images\\${baseName(name)}`],
    ['filepath,species', (name: string) => `/kaggle/input/pets/${name}`],
  ])('Kaggle’s “%s” beside folders of images', async (header, nameOf) => {
    const [train, test] = [folderNamed('train_images', 10), folderNamed('test_images', 3)]
    const found = await understood([...train, ...test], {
      'train.csv': table(header, train, (name, i) => `${nameOf(name)},${CATS(i)}`),
      'sample_submission.csv': table(header, test, (name) => `${nameOf(name)},cat`),
    })
    expect(found).toMatchObject({ classes: ['cat', 'dog'], train: [4, 4], test: [1, 1] })
    // The test images have no labels: they are named.
    expect(found.doubts).toEqual(['UNLABELLED_SET_ASIDE'])
    expect(found.unlabelled).toBe(test.length)
  })

  it('Roboflow’s, with a column of 0 and 1 for each class', async () => {
    const lists: Lists = {}
    const names: string[] = []
    for (const [split, count] of Object.entries({ train: 8, valid: 2, test: 4 })) {
      const images = folderNamed(split, count)
      names.push(...images)
      lists[`${split}/_classes.csv`] = table(
        'filename, cat, dog',
        images,
        (name, i) => `${baseName(name)}, ${1 - (i % 2)}, ${i % 2}`,
      )
    }
    const found = await understood(names, lists)
    expect(found).toMatchObject({ classes: ['cat', 'dog'], train: [4, 4], validation: [1, 1], test: [2, 2] })
    expect(found.doubts).toEqual([])
  })

  it('GTSRB’s: folders of classes, and lists for training and test images', async () => {
    const train = ['0', '1'].flatMap((name) => folderNamed(`Train/${name}`, 4))
    const test = folderNamed('Test', 4)
    const header = 'Width,Height,Roi.X1,Roi.Y1,Roi.X2,Roi.Y2,ClassId,Path'
    const found = await understood([...train, ...test, 'Meta/0.png', 'Meta/1.png'], {
      'Train.csv': table(header, train, (name) => `8,8,1,1,7,7,${name.split('/')[1]},${name}`),
      'Test.csv': table(header, test, (name, i) => `8,8,1,1,7,7,${i % 2},${name}`),
      'Meta.csv': 'Path,ClassId,ShapeId\nMeta/0.png,0,1\nMeta/1.png,1,1\n',
    })
    expect(found).toMatchObject({ classes: ['0', '1'], train: [4, 4], test: [2, 2] })
    expect(found.doubts).toContain('SEVERAL_CANDIDATES')
  })

  it('Tiny-ImageNet’s val_annotations.txt, while its test images have no labels', async () => {
    const root = 'tiny-imagenet-200'
    const train = ['n01', 'n02'].flatMap((name) => folderNamed(`${root}/train/${name}/images`, 6))
    const [val, test] = [folderNamed(`${root}/val/images`, 4), folderNamed(`${root}/test/images`, 3)]
    const found = await understood([...train, ...val, ...test], {
      [`${root}/val/val_annotations.txt`]: val
        .map((name, i) => `${baseName(name)}\tn0${1 + (i % 2)}\t0\t0\t9\t9\n`)
        .join(''),
      [`${root}/wnids.txt`]: 'n01\nn02\n',
    })
    expect(found).toMatchObject({ classes: ['n01', 'n02'], train: [6, 6], test: [2, 2] })
    expect(found.doubts).toEqual(['UNLABELLED_SET_ASIDE'])
    expect(found.unlabelled).toBe(test.length)
  })

  it('with validation images and images without labels in the column of the splits', async () => {
    const names = folderNamed('images', 12)
    const split = (i: number) => ['train', 'train', 'valid', 'test', 'unlabeled', 'train'][i % 6]
    const list = table(
      'path,label,split',
      names,
      (name, i) => `${name},${CATS(Math.floor(i / 6))},${split(i)}`,
    )
    expect(await understood(names, { 'labels.csv': list })).toMatchObject({
      ...{ train: [3, 3], validation: [1, 1], test: [1, 1], unlabelled: 2 },
      ...{ leftOut: [], doubts: [] },
    })
  })

  it('with validation images and no others to test with, which test, and that is told', async () => {
    const names = folderNamed('images', 10)
    const list = table(
      'path,label,split',
      names,
      (name, i) => `${name},${CATS(i)},${i < 6 ? 'train' : 'val'}`,
    )
    expect(await understood(names, { 'labels.csv': list })).toMatchObject({
      ...{ train: [3, 3], test: [2, 2] },
      doubts: ['VALIDATION_AS_TEST'],
    })
  })

  it('whose rows say whether they train, and whose labels have a needless .0', async () => {
    const names = folderNamed('images', 12)
    const list = table('file,target,is_train', names, (name, i) => `${name},${i % 2}.0,${Number(i < 8)}`)
    const found = await understood(names, { 'labels.csv': list })
    expect(found).toMatchObject({ classes: ['0', '1'], train: [4, 4], test: [2, 2], doubts: [] })
    expect(found.notes.join('\n')).toContain('writes its labels as 0.0')
  })

  it('with training images alone, of which a fifth is set aside', async () => {
    const names = folderNamed('images', 10)
    const list = table('path,label,split', names, (name, i) => `${name},${CATS(i)},train`)
    expect(await understood(names, { 'labels.csv': list })).toMatchObject({ train: [4, 4], test: [1, 1] })
  })
})

describe('what lists leave open is told', () => {
  const names = ['cat', 'dog'].flatMap((name) => folderNamed(`train/${name}`, 5))

  it('a table that is no list of labels stays beside the folders, with the reason', async () => {
    const found = await understood(names, { 'labels.csv': 'ClassId,Weight\n0,3\n1,4\n' })
    expect(found).toMatchObject({ classes: ['cat', 'dog'], doubts: ['LABELS_NOT_READ'] })
    expect(found.messages[0]).toContain('“labels.csv” looks like a list and was not read')
  })

  it.each([
    ['meta/train.txt', names.map((name) => `${name.slice(6, -4)}\n`).join('')],
    ['images.txt', names.map((name, i) => `${i + 1} ${name.slice(6)}\n`).join('')],
    ['labels.json', JSON.stringify(Object.fromEntries(names.map((name) => [name, 'cat'])))],
    ['labels.yaml', names.map((name) => `${name}: cat\n`).join('')],
    ['imagelabels.mat', 'MATLAB 5.0 MAT-file'],
    ['labels.xlsx', 'PK'],
    ['train_labels.csv.gz', 'packed'],
  ])('%s, which is no table, was not read', async (list, text) => {
    const more = { 'README.txt': `Photographs of cats and dogs.\nFirst: ${names[0]}\nBy hand.\n` }
    const found = await understood([...names, 'train/cat/only.png'], { [list]: text, ...more })
    expect(found).toMatchObject({ classes: ['cat', 'dog'], doubts: ['LABELS_NOT_READ'] })
    expect(found.messages[0]).toContain(`“${list}” may be a list of images and was not read`)
  })

  it('which list was not read, where there are no classes without it', async () => {
    const flat = folderNamed('images', 4)
    const list = flat.map((name, i) => `${name} ${i % 2}\n`).join('')
    await expect(understood(flat, { 'train.txt': list })).rejects.toThrow(
      /only one class, “images”.*“train\.txt” may be a list of images and was not read/,
    )
  })

  it('a list without a header is refused before its first image is lost', async () => {
    const flat = folderNamed('images', 8)
    const list = flat.map((name, i) => `${name},${CATS(i)}\n`).join('')
    await expect(understood(flat, { 'labels.csv': list })).rejects.toThrow(
      /first line of “labels\.csv” names no columns/,
    )
  })

  it('captions and boxes are no labels', async () => {
    const captions = table('file_name,text', names, (name, i) => `${name},a picture of number ${i}`)
    const boxes = table('filename,class,xmin,ymin,xmax,ymax', names, (name) => `${name},thing,1,1,5,5`)
    const found = await understood(names, { 'metadata.csv': captions, 'boxes.csv': boxes })
    expect(found).toMatchObject({ classes: ['cat', 'dog'], doubts: ['LABELS_NOT_READ', 'LABELS_NOT_READ'] })
    expect(found.messages.join('\n')).toContain('it lists boxes on images')
  })

  it('two lists of the same images: which one was taken', async () => {
    const rows = (header: string) => table(header, names, (name, i) => `${name},${CATS(i)}`)
    const found = await understood(names, {
      'labels.csv': rows('path,label'),
      'other.csv': rows('path,label'),
    })
    expect(found.doubts).toContain('SEVERAL_CANDIDATES')
    expect(found.messages.join('\n')).toContain(
      'Labels were taken from “labels.csv”, and not from “other.csv”',
    )
    // They are not those of the folders, either.
    expect(found.messages.join('\n')).toMatch(/not those of the folders: images in “cat”/)
  })

  it('a list of a few images does not stand in for folders of many', async () => {
    const found = await understood(names, { 'labels.csv': `path,label\n${names[0]},x\n${names[1]},y\n` })
    expect(found).toMatchObject({ classes: ['cat', 'dog'], doubts: ['SEVERAL_CANDIDATES'] })
  })

  it('nothing of folders that only cut a set into parts', async () => {
    const parts = ['images_part_1', 'images_part_2'].flatMap((name) => folderNamed(name, 5))
    const list = table('image_id,dx', parts, (name, i) => `${name.slice(0, -4)},${CATS(i)}`)
    expect(await understood(parts, { 'metadata.csv': list })).toMatchObject({ train: [4, 4], doubts: [] })
    expect((await understood(parts, {})).doubts).toEqual(['SPLIT_NAMED_CLASS'])
  })

  it('an image that is listed for training and for testing, which only tests', async () => {
    const flat = folderNamed('img', 12)
    const list = (from: number, to: number) =>
      table('path,label', flat.slice(from, to), (name, i) => `${name},${CATS(i)}`)
    const found = await understood(flat, { 'train.csv': list(0, 8), 'test.csv': list(6, 12) })
    expect(found).toMatchObject({ train: [3, 3], test: [3, 3], doubts: ['SAME_IMAGE_TWO_SPLITS'] })
    const rows = table(
      'path,label,split',
      flat,
      (name, i) => `${name},${CATS(i)},${i < 8 ? 'train' : 'test'}`,
    )
    const again = `${flat[11]},${CATS(11)},held back\n`
    expect((await understood(flat, { 'labels.csv': `${rows}${again}` })).doubts).toEqual([])
  })

  it('an image that is listed under two labels, with both', async () => {
    const flat = folderNamed('img', 10)
    const list = table('path,label', flat, (name, i) => `${name},${CATS(i)}`)
    const found = await understood(flat, { 'labels.csv': `${list}${flat[0]},dog\n` })
    expect(found.doubts).toEqual(['SAME_IMAGE_TWO_LABELS'])
    expect(found.messages[0]).toContain('“img/0.png” is listed as “cat” and as “dog”')
  })
})
