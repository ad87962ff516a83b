/**
 * Arrays of NumPy, as MedMNIST (Yang et al. 2023) and Keras' mnist.npz come: an .npz is a zip of arrays, of which one
 * holds the images of a split and one their labels: train_images and train_labels, or x_train and y_train.
 */
import type { Doubt } from '../../../contract/dataset-doubts.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { barePictures } from '../pictures/bare-pictures.ts'
import type { RawPictures } from '../pictures/raw-pictures.ts'
import type { ClassificationArrangement, Format, Placed } from './arrangement.ts'
import { type NpyArray, readNpyHeader, readNpyNumbers } from './arrays/read-npy.ts'
import { splitNamedIn, wordsOf } from './folders/split-names.ts'
import { countImages, nameSome } from './folders/understanding.ts'
import { ignoreOthers } from './numbered-classes.ts'
import { nameNumbers, placeSplits } from './place-splits.ts'

const IS_ARRAY = /\.npy$/i
const PICTURE_WORDS = /^(x|images?|imgs?|data|pictures?)$/
const LABEL_WORDS = /^(y|labels?|targets?)$/
const MAX_SIDE = 4096
const MAX_PICTURES = 1_000_000
/** Of all labels together. */
const MAX_NUMBERS = 20_000_000

type Split = 'train' | 'val' | 'test'
interface Pair {
  pictures?: DatasetFile
  labels?: DatasetFile
}

export const numpyArrays: Format = {
  recognizes: async (files) => {
    const { train } = findPairs(files)
    if (train?.pictures !== undefined && train.labels !== undefined) return true
    // Nothing but arrays: whatever is missing in them is better told by what reads arrays.
    return files.list.length > 0 && files.list.every(({ path }) => IS_ARRAY.test(path))
  },
  arrange,
}

/** By what the arrays are called; one that names no split is for training. */
function findPairs(files: DatasetFiles): Partial<Record<Split, Pair>> {
  const pairs: Partial<Record<Split, Pair>> = {}
  for (const file of files.list) {
    if (!IS_ARRAY.test(file.path)) continue
    const name = file.path.slice(file.path.lastIndexOf('/') + 1, -'.npy'.length)
    const role = splitNamedIn(name)?.role ?? 'train'
    if (role !== 'train' && role !== 'val' && role !== 'test') continue
    const pair = pairs[role] ?? {}
    pairs[role] = pair
    const words = wordsOf(name)
    if (words.some((word) => LABEL_WORDS.test(word))) pair.labels ??= file
    else if (words.some((word) => PICTURE_WORDS.test(word))) pair.pictures ??= file
  }
  return pairs
}

interface Numbered {
  path: string
  number: number
  raw: { pictures: RawPictures; index: number }
}

async function arrange(files: DatasetFiles): Promise<ClassificationArrangement> {
  const pairs = findPairs(files)
  const read = new Set<string>()
  const readPair = async (pair: Pair | undefined): Promise<Numbered[] | undefined> => {
    if (!pair?.pictures || !pair.labels) return undefined
    read.add(pair.pictures.path).add(pair.labels.path)
    return readSplit(files, pair.pictures, pair.labels)
  }
  const train = await readPair(pairs.train)
  if (!train) throw nothingToLearn(files, pairs.train)
  const [val, test] = [await readPair(pairs.val), await readPair(pairs.test)]
  const without = (['val', 'test'] as const).flatMap((split) =>
    pairs[split]?.pictures && !pairs[split].labels ? [pairs[split].pictures] : [],
  )
  for (const { path } of without) read.add(path)
  const unlabelled = (await Promise.all(without.map((file) => readUnlabelled(files, file)))).flat()
  const name = nameNumbers([...train, ...(val ?? []), ...(test ?? [])].map(({ number }) => number))
  const told = (pictures: readonly Numbered[] | undefined) =>
    pictures?.map(({ number, ...picture }) => ({ ...picture, className: name(number) }))
  const placed = placeSplits({ train: told(train) ?? [], val: told(val), test: told(test) })
  return {
    ...placed,
    kind: 'CLASSIFICATION',
    ...(unlabelled.length > 0 && { unlabelled }),
    doubts: [...placed.doubts, ...without.map(({ path }) => doubtWithoutLabels(path))],
    ignored: ignoreOthers(files, read),
    notes: ['The arrays number their classes; they can be renamed once they are imported.', ...placed.notes],
  }
}

function nothingToLearn(files: DatasetFiles, train: Pair | undefined): InvalidDatasetError {
  const named = 'train_images and train_labels, or x_train and y_train'
  if (train?.pictures)
    return new InvalidDatasetError(
      `“${train.pictures.path}” has images to learn from, but there is no array of their labels: name the arrays ${named}.`,
    )
  const names = files.list.filter(({ path }) => IS_ARRAY.test(path)).map(({ path }) => path)
  return new InvalidDatasetError(
    `There are no arrays of training images and labels in it, but ${nameSome(names)}: name them ${named}.`,
  )
}

async function readUnlabelled(files: DatasetFiles, file: DatasetFile): Promise<Placed[]> {
  const { pictures, count } = readPictures(readNpyHeader(file.path, await files.spool(file)))
  return Array.from({ length: count }, (_, index) => ({
    path: `${file.path}#${index}`,
    raw: { pictures, index },
  }))
}

function doubtWithoutLabels(path: string): Doubt {
  return {
    kind: 'UNLABELLED_SET_ASIDE',
    message: `“${path}” has no array of labels beside it: its images are kept as unlabelled images, neither trained on nor tested with.`,
    remedy: 'If they are labelled, add their labels under the same name, as test_labels beside test_images.',
  }
}

async function readSplit(
  files: DatasetFiles,
  pictureFile: DatasetFile,
  labelFile: DatasetFile,
): Promise<Numbered[]> {
  const { path } = pictureFile
  const { pictures, count } = readPictures(readNpyHeader(path, await files.spool(pictureFile)))
  const labels = labelsOf(readNpyHeader(labelFile.path, await files.spool(labelFile)), count, path)
  return labels.map((number, index) => ({ path: `${path}#${index}`, number, raw: { pictures, index } }))
}

function readPictures(array: NpyArray): { pictures: RawPictures; count: number } {
  const [count = 0] = array.shape
  if (count < 1 || count > MAX_PICTURES)
    throw new InvalidDatasetError(
      `“${array.path}” has ${count.toLocaleString('en')} images; 1 to ${MAX_PICTURES.toLocaleString('en')} are read.`,
    )
  return { pictures: picturesOf(array), count }
}

/** @throws InvalidDatasetError where they are no bytes of height × width, with 1 or 3 channels before or behind */
function picturesOf({ path, type, shape, start, spool }: NpyArray): RawPictures {
  if (type !== 'u1')
    throw new InvalidDatasetError(
      `“${path}” holds values of the type ${type}; images are bytes from 0 to 255: save it as uint8.`,
    )
  const [, ...sides] = shape
  const layout = layoutOf(sides)
  if (
    !layout ||
    Math.max(layout.height, layout.width) > MAX_SIDE ||
    Math.min(layout.height, layout.width) < 1
  )
    throw new InvalidDatasetError(
      `“${path}” is ${shape.join(' × ')}: images are height × width, with 1 or 3 channels behind or before that, up to ${MAX_SIDE} pixels a side. Volumes and images with transparency are not read.`,
    )
  return barePictures(spool, { ...layout, start, stride: layout.height * layout.width * layout.channels })
}

function layoutOf([a = 0, b = 0, c, ...more]: readonly number[]) {
  if (more.length > 0) return undefined
  if (c === undefined) return { height: a, width: b, channels: 1 as const }
  if (c === 1 || c === 3) return { height: a, width: b, channels: c, isInterleaved: true } as const
  return a === 1 || a === 3 ? ({ height: b, width: c, channels: a } as const) : undefined
}

/** One whole number an image, in a column or not, or a row of 0 with one 1. */
function labelsOf(array: NpyArray, count: number, picturesPath: string): number[] {
  const [rows = 0, columns = 1, ...more] = array.shape
  if (rows !== count || more.length > 0 || rows * columns > MAX_NUMBERS)
    throw new InvalidDatasetError(
      `“${array.path}” is ${array.shape.join(' × ')}, but “${picturesPath}” has ${countImages(count)}: one label each is needed.`,
    )
  const numbers = readNpyNumbers(array)
  if (columns !== 1) return numbers.length === count * columns ? oneHot(array.path, numbers, columns) : []
  const wrong = numbers.findIndex((number) => !Number.isSafeInteger(number) || number < 0)
  if (wrong >= 0)
    throw new InvalidDatasetError(
      `Label ${wrong} of “${array.path}” is ${numbers[wrong]}: labels are whole numbers from 0.`,
    )
  return numbers
}

function oneHot(path: string, numbers: readonly number[], columns: number): number[] {
  return Array.from({ length: numbers.length / columns }, (_, row) => {
    const values = numbers.slice(row * columns, (row + 1) * columns)
    const set = values.flatMap((value, column) => (value === 1 ? [column] : []))
    const [only, second] = set
    if (only === undefined || second !== undefined || values.some((value) => value !== 0 && value !== 1))
      throw new InvalidDatasetError(
        `“${path}” has ${columns} labels an image, and not exactly one of them is set in row ${row}: each image has one class here.`,
      )
    return only
  })
}
