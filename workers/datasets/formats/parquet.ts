/**
 * Parquet with images in it, as Hugging Face's datasets writes it: a column of structs with the `bytes` of an image file,
 * and one of labels, whose names are in each file's metadata. One file or several for a split, which their names tell.
 */
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { countUnpacked } from '../archives/unpacked-bytes.ts'
import { pictureKind } from '../pictures/picture-names.ts'
import type { ClassificationArrangement, Format, Placed } from './arrangement.ts'
import { splitNamedIn } from './folders/split-names.ts'
import { type LabelledRow, nameLabels, namesIn } from './parquet/label-names.ts'
import {
  MIN_PARQUET_BYTES,
  openParquet,
  type ParquetColumn,
  type ParquetFile,
} from './parquet/parquet-file.ts'
import { PARQUET_TYPES, type ParquetValue } from './parquet/read-column.ts'
import { placeSplits, type Told } from './place-splits.ts'
import { roleOf } from './read-lists.ts'

const PICTURE_NAMES = ['image', 'img', 'picture', 'jpg', 'jpeg', 'png', 'image_bytes']
const LABEL_NAMES = [
  'label',
  'labels',
  'fine_label',
  'class',
  'cls',
  'category',
  'target',
  'class_name',
  'label_name',
]
const MAX_PICTURES = 200_000
const MAX_PICTURE_BYTES = 64 * 1024 * 1024

const isParquet = ({ path }: DatasetFile) => /\.parquet$/i.test(path)
/** What an export that failed leaves behind holds nothing that could be missed. */
const isEmpty = ({ byteLength }: DatasetFile) => byteLength < MIN_PARQUET_BYTES

export const parquet: Format = {
  async recognizes(files) {
    const tables = files.list.filter(isParquet)
    const first = tables.find((table) => !isEmpty(table)) ?? tables[0]
    if (!first) return false
    // Where there are no other images it is what was meant, and says best what is wrong with it.
    if (!files.list.some(({ path }) => pictureKind(path) === 'READABLE')) return true
    try {
      return findPictures((await open(files, first)).columns) !== undefined
    } catch (error) {
      if (error instanceof InvalidDatasetError) return false
      throw error
    }
  },
  arrange,
}

/** @throws InvalidDatasetError, worded to follow the file's name */
async function open(files: DatasetFiles, file: DatasetFile): Promise<ParquetFile> {
  return openParquet(await files.spool(file), countUnpacked(file.byteLength))
}

/** Puts the file's name before what is wrong with it. */
async function named<Result>({ path }: DatasetFile, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof InvalidDatasetError)) throw error
    const why = error.message.replace(/\.$/, '')
    throw new InvalidDatasetError(`“${path}” cannot be read: ${why}.`, { cause: error })
  }
}

function findPictures(columns: readonly ParquetColumn[]): ParquetColumn | undefined {
  const candidates = columns.filter(
    ({ path, type, isRepeated }) =>
      type === PARQUET_TYPES.BYTE_ARRAY &&
      !isRepeated &&
      (path.length === 2 ? path[1] === 'bytes' : path.length === 1 && PICTURE_NAMES.includes(path[0] ?? '')),
  )
  return candidates.find(({ path }) => PICTURE_NAMES.includes(path[0] ?? '')) ?? candidates[0]
}

function findLabels(
  columns: readonly ParquetColumn[],
  names: ReadonlyMap<string, string[]>,
): ParquetColumn | undefined {
  const types: readonly number[] = Object.values(PARQUET_TYPES)
  const flat = columns.filter(
    ({ path, type, isRepeated }) => path.length === 1 && !isRepeated && types.includes(type),
  )
  const called = (wanted: readonly string[]) =>
    wanted.map((name) => flat.find(({ path }) => path[0]?.toLowerCase() === name)).find((column) => column)
  return called(LABEL_NAMES) ?? flat.find(({ path }) => names.has(path[0] ?? ''))
}

interface Gathered {
  train: LabelledRow[]
  val: LabelledRow[]
  test: LabelledRow[]
  unlabelled: Placed[]
  leftOut: ClassificationArrangement['leftOut']
  /** Told the bytes of every image: many rows may share those of one. */
  count(bytes: number): void
}

async function arrange(files: DatasetFiles): Promise<ClassificationArrangement> {
  const all = files.list.filter(isParquet)
  const tables = all.every(isEmpty) ? all : all.filter((table) => !isEmpty(table))
  const count = countUnpacked(tables.reduce((sum, { byteLength }) => sum + byteLength, 0))
  const gathered: Gathered = { train: [], val: [], test: [], unlabelled: [], leftOut: [], count }
  for (const file of tables) await named(file, () => gather(files, file, gathered))
  await files.finishEmbedding()
  const { train, val, test, unlabelled } = gathered
  const { nameOf, order, notes } = nameLabels([...train, ...val, ...test])
  const inClasses = (rows: readonly LabelledRow[]): Told[] =>
    rows.map((row) => ({ path: row.path, className: nameOf(row) }))
  const orNothing = (rows: readonly LabelledRow[]) => (rows.length > 0 ? inClasses(rows) : undefined)
  const placed = placeSplits({ train: inClasses(train), val: orNothing(val), test: orNothing(test) }, order)
  return {
    ...placed,
    kind: 'CLASSIFICATION',
    ...(unlabelled.length > 0 && { unlabelled }),
    leftOut: [...placed.leftOut, ...gathered.leftOut],
    notes: [...notes, ...placed.notes],
    ignored: files.list
      .filter((file) => !tables.includes(file))
      .map((file) => ({
        path: file.path,
        reason: isParquet(file) ? 'it is empty' : 'the images are in the Parquet files',
      })),
  }
}

/** Takes the images of a file out of it. */
async function gather(files: DatasetFiles, file: DatasetFile, gathered: Gathered): Promise<void> {
  const table = await open(files, file)
  const pictures = findPictures(table.columns)
  if (!pictures)
    throw new InvalidDatasetError(
      'it has no column of images: structs with “bytes”, as Hugging Face writes them',
    )
  const names = namesIn(table.metadata)
  const labels = findLabels(table.columns, names)
  const source = { path: file.path, names: labels && names.get(labels.path[0] ?? '') }
  const role = splitOf(file.path)
  let row = 0
  for await (const [images = [], given = []] of table.read(labels ? [pictures, labels] : [pictures])) {
    for (const [i, bytes] of images.entries()) {
      const path = `${file.path}#${row++}`
      if (
        gathered.train.length + gathered.val.length + gathered.test.length + gathered.unlabelled.length >=
        MAX_PICTURES
      )
        throw new InvalidDatasetError(`there are more than ${MAX_PICTURES.toLocaleString('en')} images`)
      const found = { path, bytes: bytes ?? null, label: given[i] ?? null, role, table: source }
      await place(files, gathered, found)
    }
  }
}

interface Found extends Omit<LabelledRow, 'label'> {
  bytes: ParquetValue | null
  label: ParquetValue | null
  role: 'train' | 'val' | 'test' | 'unlabelled'
}

/** A label of -1 says that there is none: so are the test sets of competitions. */
async function place(
  files: DatasetFiles,
  gathered: Gathered,
  { path, table, bytes, label: given, role }: Found,
): Promise<void> {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0 || bytes.length > MAX_PICTURE_BYTES) {
    const reason =
      Buffer.isBuffer(bytes) && bytes.length > 0
        ? 'it is larger than 64 MiB'
        : 'there are no bytes of an image in its row'
    gathered.leftOut.push({ path, reason })
    return
  }
  gathered.count(bytes.length)
  await files.embed(path, bytes)
  const label = typeof given === 'number' ? given : (given?.toString('utf8').trim() ?? '')
  const isLabelled = typeof label === 'number' ? label >= 0 : label !== ''
  if (role === 'unlabelled' || !isLabelled) gathered.unlabelled.push({ path })
  else gathered[role].push({ path, label, table })
}

/** `train-00000-of-00001.parquet`, or `train/0000.parquet`. */
function splitOf(path: string): Found['role'] {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.parquet$/i, '')
  const role = splitNamedIn(name)?.role ?? roleOf(path) ?? 'train'
  return role === 'query' ? 'train' : role
}
