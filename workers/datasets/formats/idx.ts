/**
 * IDX, as MNIST (LeCun, Cortes and Burges 1998) and Fashion-MNIST (Xiao et al. 2017) come: a file of images and one of
 * labels for each split, each with a header of big-endian numbers, packed by gzip or not.
 */

import type { Doubt } from '../../../contract/dataset-doubts.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { barePictures } from '../pictures/bare-pictures.ts'
import type { ClassificationArrangement, Format } from './arrangement.ts'
import { nameLabels } from './idx-labels.ts'
import { ignoreOthers, listNumbered, type NumberedFile } from './numbered-classes.ts'

const ROLES = {
  trainPictures: /(^|[/_-])train[-_.]images[-_.]idx3[-_.]ubyte(\.gz)?$/i,
  trainLabels: /(^|[/_-])train[-_.]labels[-_.]idx1[-_.]ubyte(\.gz)?$/i,
  testPictures: /(^|[/_-])(t10k|test)[-_.]images[-_.]idx3[-_.]ubyte(\.gz)?$/i,
  testLabels: /(^|[/_-])(t10k|test)[-_.]labels[-_.]idx1[-_.]ubyte(\.gz)?$/i,
}
type Role = keyof typeof ROLES
const ROLE_NAMES = Object.keys(ROLES) as Role[]
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
  const [found, ...others] = findSets(files)
  const set = found ?? requireSet(files)
  const train = await readSplit(set.trainPictures, set.trainLabels, files)
  const test = await readSplit(set.testPictures, set.testLabels, files)
  const names = await nameLabels(files, set.prefix, [train.labels, test.labels])
  if (names.classes.length < 2)
    throw new InvalidDatasetError(`All labels are ${names.numbers[0]}: two classes at least are needed.`)
  const number = ({ labels, ...file }: NumberedFile) => ({
    ...file,
    labels: Uint8Array.from(labels, (label) => names.labelOf[label] ?? 0),
  })
  const used = new Set([...ROLE_NAMES.map((role) => set[role].path), ...names.read])
  return {
    kind: 'CLASSIFICATION',
    classes: names.classes,
    train: listNumbered([number(train)]),
    test: listNumbered([number(test)]),
    ignored: ignoreOthers(files, used),
    leftOut: [],
    doubts: others.length > 0 ? [severalSets(set, others)] : [],
    notes: names.notes,
  }
}

type FileSet = Record<Role, DatasetFile> & { prefix: string }

/** Whole sets of four files, which begin alike: EMNIST has six of them. */
function findSets(files: DatasetFiles): FileSet[] {
  const sets = new Map<string, Partial<FileSet> & { prefix: string }>()
  for (const file of files.list) {
    for (const role of ROLE_NAMES) {
      const match = ROLES[role].exec(file.path)
      if (!match) continue
      const prefix = file.path.slice(0, match.index) + match[1]
      const set = sets.get(prefix) ?? { prefix }
      set[role] ??= file
      sets.set(prefix, set)
    }
  }
  return [...sets.values()].filter((set): set is FileSet => ROLE_NAMES.every((role) => set[role]))
}

/** @throws InvalidDatasetError where one of the four is missing */
function requireSet(files: DatasetFiles): FileSet {
  const [trainPictures, trainLabels, testPictures, testLabels] = ROLE_NAMES.map((role) =>
    requireFile(files, role),
  )
  if (!trainPictures || !trainLabels || !testPictures || !testLabels) throw new Error('there are four roles')
  return { trainPictures, trainLabels, testPictures, testLabels, prefix: '' }
}

function severalSets({ prefix }: FileSet, others: readonly FileSet[]): Doubt {
  const shown = others.map((other) => `“${other.prefix}…”`).join(', ')
  return {
    kind: 'SEVERAL_CANDIDATES',
    message: `There are several sets of images and labels: “${prefix}…” was taken, and not ${shown}.`,
    remedy: 'If another one was meant, pack its four files and its mapping alone.',
  }
}

function find(files: DatasetFiles, role: Role): DatasetFile | undefined {
  return files.list.find(({ path }) => ROLES[role].test(path))
}

async function readSplit(
  pictureFile: DatasetFile,
  labelFile: DatasetFile,
  files: DatasetFiles,
): Promise<NumberedFile> {
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
    pictures: barePictures(spool, layout),
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
