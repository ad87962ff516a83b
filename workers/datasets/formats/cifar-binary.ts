/**
 * CIFAR-10 and CIFAR-100 in their binary form (Krizhevsky 2009): records of a label, or of a coarse and a fine label, and
 * 3,072 bytes of planes; `data_batch_1.bin` …, `test_batch.bin`, or `train.bin` and `test.bin`.
 */

import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import type { Spool } from '../archives/spool.ts'
import { barePictures } from '../pictures/bare-pictures.ts'
import type { ClassificationArrangement, Format } from './arrangement.ts'
import {
  arrangeCifar,
  CIFAR_PICTURE_BYTES,
  CIFAR_SIDE,
  type CifarFile,
  type CifarNames,
  findVariant,
  namesOfLines,
} from './cifar-names.ts'
import { checkLabels, ignoreOthers, numberNames } from './numbered-classes.ts'

const CIFAR_10 = {
  train: /(^|\/)data_batch_\d\.bin$/,
  test: /(^|\/)test_batch\.bin$/,
  labels: 1,
  classes: 10,
}
const CIFAR_100 = { train: /(^|\/)train\.bin$/, test: /(^|\/)test\.bin$/, labels: 2, classes: 100 }
type Variant = typeof CIFAR_10

const NAME_FILES = {
  classes10: /(^|\/)batches\.meta\.txt$/,
  fine: /(^|\/)fine_label_names\.txt$/,
  coarse: /(^|\/)coarse_label_names\.txt$/,
}
const COARSE_CLASSES = 20
const MAX_NAMES_BYTES = 64 * 1024

export const cifarBinary: Format = {
  recognizes: async (files) => variantOf(files) !== undefined,
  arrange,
}

const variantOf = (files: DatasetFiles) => findVariant<Variant>(files, [CIFAR_10, CIFAR_100])

async function arrange(files: DatasetFiles): Promise<ClassificationArrangement> {
  const variant = variantOf(files)
  if (!variant)
    throw new InvalidDatasetError('There are no batches of CIFAR in it: data_batch_1.bin, test_batch.bin.')
  const batches = files.list.filter(({ path }) => variant.train.test(path) || variant.test.test(path))
  const read = await Promise.all(batches.map((file) => readBatch(files, file, variant)))
  const names = await readNames(files, variant)
  const known = new Set([...batches.map(({ path }) => path), ...names.paths])
  return arrangeCifar(read, names, ignoreOthers(files, known))
}

async function readBatch(files: DatasetFiles, file: DatasetFile, variant: Variant): Promise<CifarFile> {
  const { path } = file
  const stride = variant.labels + CIFAR_PICTURE_BYTES
  const spool = await files.spool(file)
  if (spool.byteLength === 0 || spool.byteLength % stride !== 0)
    throw new InvalidDatasetError(
      `“${path}” has ${spool.byteLength.toLocaleString('en')} bytes, which is no whole number of records of ${stride}: it was cut, or is of another form.`,
    )
  const side = { height: CIFAR_SIDE, width: CIFAR_SIDE, channels: 3 } as const
  const labels = readColumn(spool, stride, variant.labels - 1)
  checkLabels(labels, variant.classes, path)
  const coarse = variant.labels === 2 ? readColumn(spool, stride, 0) : undefined
  if (coarse) checkLabels(coarse, COARSE_CLASSES, path)
  return {
    path,
    split: variant.test.test(path) ? 'test' : 'train',
    labels,
    coarse,
    pictures: barePictures(spool, { ...side, start: variant.labels, stride }),
  }
}

/** One byte of every record. */
function readColumn(spool: Spool, stride: number, offset: number): Uint8Array {
  const column = new Uint8Array(spool.byteLength / stride)
  const recordsAtATime = Math.max(1, Math.floor((1024 * 1024) / stride))
  for (let first = 0; first < column.length; first += recordsAtATime) {
    const records = spool.readNow(first * stride, recordsAtATime * stride)
    // biome-ignore lint/style/noNonNullAssertion: the loop ends with the last whole record
    for (let i = 0; (i + 1) * stride <= records.length; i++) column[first + i] = records[i * stride + offset]!
  }
  return column
}

async function readNames(files: DatasetFiles, variant: Variant): Promise<CifarNames & { paths: string[] }> {
  const paths: string[] = []
  const names = async (pattern: RegExp, count: number) => {
    const file = files.list.find(({ path }) => pattern.test(path))
    if (!file || file.byteLength > MAX_NAMES_BYTES) return numberNames(count)
    paths.push(file.path)
    return namesOfLines(await files.read(file), count, file.path)
  }
  if (variant === CIFAR_10) return { classes: await names(NAME_FILES.classes10, 10), coarse: [], paths }
  const classes = await names(NAME_FILES.fine, 100)
  return { classes, coarse: await names(NAME_FILES.coarse, COARSE_CLASSES), paths }
}
