/**
 * IDX, as MNIST (LeCun, Cortes and Burges 1998) and Fashion-MNIST (Xiao et al. 2017) come: a file of images and one of
 * labels for each split, each with a header of big-endian numbers, packed by gzip or not.
 */

import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { planarPictures } from '../pictures/planar-pictures.ts'
import type { ClassificationArrangement, Format } from './arrangement.ts'
import { ignoreOthers, listNumbered, type NumberedFile, numberNames } from './numbered-classes.ts'

const ROLES = {
  trainPictures: /(^|[/_-])train[-_.]images[-_.]idx3[-_.]ubyte(\.gz)?$/i,
  trainLabels: /(^|[/_-])train[-_.]labels[-_.]idx1[-_.]ubyte(\.gz)?$/i,
  testPictures: /(^|[/_-])(t10k|test)[-_.]images[-_.]idx3[-_.]ubyte(\.gz)?$/i,
  testLabels: /(^|[/_-])(t10k|test)[-_.]labels[-_.]idx1[-_.]ubyte(\.gz)?$/i,
}
type Role = keyof typeof ROLES
const NAMES: Record<Role, string> = {
  trainPictures: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testPictures: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
}
const UBYTE = 8
const MAX_SIDE = 4096
const MAX_PICTURES = 1_000_000

export const idx: Format = {
  recognizes: async (files) => find(files, 'trainPictures') !== undefined,
  arrange,
}

async function arrange(files: DatasetFiles): Promise<ClassificationArrangement> {
  const train = await readSplit(files, 'trainPictures', 'trainLabels')
  const test = await readSplit(files, 'testPictures', 'testLabels')
  const classCount = 1 + maxOf([train.labels, test.labels])
  if (classCount < 2) throw new InvalidDatasetError('All labels are 0: two classes at least are needed.')
  const used = new Set((Object.keys(ROLES) as Role[]).map((role) => requireFile(files, role).path))
  return {
    kind: 'CLASSIFICATION',
    classes: numberNames(classCount),
    train: listNumbered([train]),
    test: listNumbered([test]),
    ignored: ignoreOthers(files, used),
    leftOut: [],
    doubts: [],
    notes: ['Read as IDX: the classes have no names, only numbers.'],
  }
}

function find(files: DatasetFiles, role: Role): DatasetFile | undefined {
  return files.list.find(({ path }) => ROLES[role].test(path))
}

async function readSplit(files: DatasetFiles, pictures: Role, labels: Role): Promise<NumberedFile> {
  const [pictureFile, labelFile] = [requireFile(files, pictures), requireFile(files, labels)]
  const spool = await files.spool(pictureFile)
  const [count = 0, height = 0, width = 0] = readHeader(
    spool.readNow(0, 16),
    3,
    spool.byteLength,
    pictureFile,
  )
  const labelSpool = await files.spool(labelFile)
  const [labelCount = 0] = readHeader(labelSpool.readNow(0, 8), 1, labelSpool.byteLength, labelFile)
  if (count !== labelCount)
    throw new InvalidDatasetError(
      `“${pictureFile.path}” has ${count} images, but “${labelFile.path}” has ${labelCount} labels.`,
    )
  if (count > MAX_PICTURES)
    throw new InvalidDatasetError(
      `“${pictureFile.path}” has more than ${MAX_PICTURES.toLocaleString('en')} images.`,
    )
  if (count === 0) throw new InvalidDatasetError(`“${pictureFile.path}” has no images.`)
  const layout = { height, width, channels: 1, start: 16, stride: height * width } as const
  return {
    path: pictureFile.path,
    labels: new Uint8Array(labelSpool.readNow(8, labelCount)),
    pictures: planarPictures(spool, layout),
  }
}

function requireFile(files: DatasetFiles, role: Role): DatasetFile {
  const file = find(files, role)
  if (!file) throw new InvalidDatasetError(`“${NAMES[role]}” is missing: MNIST’s form has four files.`)
  return file
}

/** @returns the sizes, which are those of the file. @throws InvalidDatasetError where they are not */
function readHeader(header: Buffer, dimensions: number, byteLength: number, { path }: DatasetFile): number[] {
  const isWhole = header.length === 4 + 4 * dimensions
  if (!isWhole || header.readUInt16BE(0) !== 0 || header[2] !== UBYTE || header[3] !== dimensions)
    throw new InvalidDatasetError(`“${path}” is no IDX file of bytes in ${dimensions} dimensions.`)
  const sizes = Array.from({ length: dimensions }, (_, i) => header.readUInt32BE(4 + 4 * i))
  const claimed = header.length + sizes.reduce((product, size) => product * size, 1)
  if (sizes.slice(1).some((side) => side < 1 || side > MAX_SIDE) || claimed !== byteLength)
    throw new InvalidDatasetError(
      `“${path}” says that it holds ${sizes.join(' × ')} bytes, but has ${byteLength.toLocaleString('en')} in all: it was cut or its header is wrong.`,
    )
  return sizes
}

function maxOf(arrays: readonly ArrayLike<number>[]): number {
  let max = 0
  for (const values of arrays) for (const value of Array.from(values)) max = Math.max(max, value)
  return max
}
