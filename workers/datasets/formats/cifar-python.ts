/**
 * CIFAR-10 and CIFAR-100 in their Python form (Krizhevsky 2009): pickles of a dictionary with `data`, an array of images
 * by 3,072 bytes of planes, and `labels`, or `fine_labels` and `coarse_labels`; the classes are named in another pickle.
 */

import { isKind } from '../../pickle/pickle-values.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { barePictures } from '../pictures/bare-pictures.ts'
import type { ClassificationArrangement, Format } from './arrangement.ts'
import {
  arrangeCifar,
  CIFAR_PICTURE_BYTES,
  CIFAR_SIDE,
  type CifarFile,
  type CifarNames,
  findVariant,
} from './cifar-names.ts'
import { checkClassNames, checkLabels, ignoreOthers, numberNames } from './numbered-classes.ts'
import type { ByteArray, PickleDictionary, PickleValue } from './pickle/array-values.ts'
import { readPickle } from './pickle/strict-pickle.ts'

const CIFAR_10 = {
  train: /(^|\/)data_batch_\d$/,
  test: /(^|\/)test_batch$/,
  meta: /(^|\/)batches\.meta$/,
  labels: 'labels',
  names: 'label_names',
  classes: 10,
}
const CIFAR_100 = {
  train: /(^|\/)train$/,
  test: /(^|\/)test$/,
  meta: /(^|\/)meta$/,
  labels: 'fine_labels',
  names: 'fine_label_names',
  classes: 100,
}
type Variant = typeof CIFAR_10
const COARSE_CLASSES = 20
/** A pickle of a dictionary begins so: with its protocol, or, in the first two, with the dictionary. */
const PICKLE_HEADS = [0x80, 0x28, 0x7d]

export const cifarPython: Format = {
  async recognizes(files) {
    const variant = variantOf(files)
    const batch = variant && files.list.find(({ path }) => variant.train.test(path))
    if (!batch) return false
    // `train` could be any file.
    return PICKLE_HEADS.includes((await files.spool(batch)).readNow(0, 1)[0] ?? 0)
  },
  arrange,
}

const variantOf = (files: DatasetFiles) => findVariant<Variant>(files, [CIFAR_10, CIFAR_100])

async function arrange(files: DatasetFiles): Promise<ClassificationArrangement> {
  const variant = variantOf(files)
  if (!variant)
    throw new InvalidDatasetError('There are no batches of CIFAR in it: data_batch_1, test_batch.')
  const batches = files.list.filter(({ path }) => variant.train.test(path) || variant.test.test(path))
  const meta = files.list.find(({ path }) => variant.meta.test(path))
  const read: CifarFile[] = []
  for (const file of batches) read.push(await readBatch(files, file, variant))
  const names = await readNames(files, meta, variant)
  const known = new Set([...batches, ...(meta ? [meta] : [])].map(({ path }) => path))
  return arrangeCifar(read, names, ignoreOthers(files, known))
}

async function readBatch(files: DatasetFiles, file: DatasetFile, variant: Variant): Promise<CifarFile> {
  const { path } = file
  const spool = await files.spool(file)
  const batch = dictionaryOf(readPickle(spool, path), path)
  const labels = numbersOf(batch, variant.labels, path)
  const coarse = variant === CIFAR_10 ? undefined : numbersOf(batch, 'coarse_labels', path)
  const data = dataOf(batch, labels.length, path)
  checkLabels(labels, variant.classes, path)
  if (coarse) {
    if (coarse.length !== labels.length)
      throw new InvalidDatasetError(`“${path}” has ${labels.length} fine and ${coarse.length} coarse labels.`)
    checkLabels(coarse, COARSE_CLASSES, path)
  }
  const layout = {
    height: CIFAR_SIDE,
    width: CIFAR_SIDE,
    channels: 3,
    start: Buffer.isBuffer(data) ? 0 : data.start,
    stride: CIFAR_PICTURE_BYTES,
  } as const
  const pictures = barePictures(Buffer.isBuffer(data) ? await files.spoolBytes(path, data) : spool, layout)
  return { path, split: variant.test.test(path) ? 'test' : 'train', labels, coarse, pictures }
}

/** The images' bytes, or where they lie in the file. */
function dataOf(batch: PickleDictionary, count: number, path: string): ByteArray['bytes'] {
  const data = batch.entries.get('data')
  const array = isKind(data, 'array') ? data.array : undefined
  const [pictures, bytes] = array?.shape ?? []
  const isRight =
    array?.shape.length === 2 &&
    pictures === count &&
    bytes === CIFAR_PICTURE_BYTES &&
    array.bytes.length === count * CIFAR_PICTURE_BYTES
  if (!isRight)
    throw new InvalidDatasetError(
      `“${path}” has ${count} labels, but no array of as many images of ${CIFAR_PICTURE_BYTES} bytes.`,
    )
  return array.bytes
}

async function readNames(
  files: DatasetFiles,
  meta: DatasetFile | undefined,
  variant: Variant,
): Promise<CifarNames> {
  if (!meta)
    return {
      classes: numberNames(variant.classes),
      coarse: variant === CIFAR_10 ? [] : numberNames(COARSE_CLASSES),
    }
  const { path } = meta
  const names = dictionaryOf(readPickle(await files.spool(meta), path), path)
  const classes = checkClassNames(stringsOf(names, variant.names, path), variant.classes, path)
  if (variant === CIFAR_10) return { classes, coarse: [] }
  const coarse = stringsOf(names, 'coarse_label_names', path)
  return { classes, coarse: checkClassNames(coarse, COARSE_CLASSES, path) }
}

function dictionaryOf(value: PickleValue, path: string): PickleDictionary {
  if (isKind(value, 'dictionary')) return value
  throw new InvalidDatasetError(`“${path}” is not a pickle of a dictionary.`)
}

function numbersOf(dictionary: PickleDictionary, key: string, path: string): number[] {
  const items = listOf(dictionary, key, path)
  if (items.every((item) => typeof item === 'number')) return items as number[]
  throw new InvalidDatasetError(`Not everything in “${key}” of “${path}” is a number.`)
}

function stringsOf(dictionary: PickleDictionary, key: string, path: string): string[] {
  const items = listOf(dictionary, key, path)
  if (items.every((item) => typeof item === 'string')) return items as string[]
  throw new InvalidDatasetError(`Not everything in “${key}” of “${path}” is a string.`)
}

function listOf(dictionary: PickleDictionary, key: string, path: string): PickleValue[] {
  const value = dictionary.entries.get(key)
  if (isKind(value, 'list')) return value.items
  throw new InvalidDatasetError(`“${path}” has no list “${key}”.`)
}
