/**
 * Parquet with images in it, as Hugging Face's datasets writes it: a column of structs with the `bytes` of an image file,
 * and one of labels, whose names are in the file's metadata. One file or several for a split, which their names tell.
 */
import { z } from 'zod'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { countUnpacked } from '../archives/unpacked-bytes.ts'
import { pictureKind } from '../pictures/picture-names.ts'
import type { ClassificationArrangement, Format, Placed } from './arrangement.ts'
import { splitNamedIn } from './folders/split-names.ts'
import { openParquet, type ParquetColumn, type ParquetFile } from './parquet/parquet-file.ts'
import { PARQUET_TYPES, type ParquetValue } from './parquet/read-column.ts'
import { nameNumbers, placeSplits, type Told } from './place-splits.ts'
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

export const parquet: Format = {
  async recognizes(files) {
    const first = files.list.find(isParquet)
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

const Features = z.object({
  info: z.object({
    features: z.record(z.string(), z.object({ names: z.array(z.string()).optional() }).catch({})),
  }),
})

/** The names of the classes, by column, where Hugging Face's datasets wrote them. */
function namesIn(metadata: ReadonlyMap<string, string>): Map<string, string[]> {
  const names = new Map<string, string[]>()
  try {
    const { info } = Features.parse(JSON.parse(metadata.get('huggingface') ?? 'null'))
    for (const [column, feature] of Object.entries(info.features))
      if (feature.names && new Set(feature.names).size === feature.names.length)
        names.set(column, feature.names)
  } catch {
    // Written by something else: labels are then as they are.
  }
  return names
}

interface Row {
  path: string
  label: ParquetValue | null
}

interface Gathered {
  train: Row[]
  val: Row[]
  test: Row[]
  unlabelled: Placed[]
  leftOut: ClassificationArrangement['leftOut']
  names: string[] | undefined
}

async function arrange(files: DatasetFiles): Promise<ClassificationArrangement> {
  const gathered: Gathered = { train: [], val: [], test: [], unlabelled: [], leftOut: [], names: undefined }
  const tables = files.list.filter(isParquet)
  for (const file of tables) await named(file, () => gather(files, file, gathered))
  await files.finishEmbedding()
  const { train, val, test, unlabelled, names } = gathered
  const all = [...train, ...val, ...test]
  const numbers = all.flatMap(({ label }) => (typeof label === 'number' ? [label] : []))
  const numberName = nameNumbers(numbers)
  const nameOf = (label: ParquetValue | null): string =>
    typeof label === 'number' ? (names?.[label] ?? numberName(label)) : (label?.toString('utf8').trim() ?? '')
  const inClasses = (rows: readonly Row[]): Told[] =>
    rows.map(({ path, label }) => ({ path, className: nameOf(label) }))
  const orNothing = (rows: readonly Row[]) => (rows.length > 0 ? inClasses(rows) : undefined)
  const placed = placeSplits(
    { train: inClasses(train), val: orNothing(val), test: orNothing(test) },
    numbers.length === all.length ? names : undefined,
  )
  return {
    ...placed,
    kind: 'CLASSIFICATION',
    ...(unlabelled.length > 0 && { unlabelled }),
    leftOut: [...placed.leftOut, ...gathered.leftOut],
    ignored: files.list
      .filter((file) => !isParquet(file))
      .map(({ path }) => ({ path, reason: 'the images are in the Parquet files' })),
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
  if (labels) gathered.names ??= names.get(labels.path[0] ?? '')
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
      await place(files, gathered, { path, bytes: bytes ?? null, label: given[i] ?? null, role })
    }
  }
}

interface Found extends Row {
  bytes: ParquetValue | null
  role: 'train' | 'val' | 'test' | 'unlabelled'
}

/** A label of -1 says that there is none: so are the test sets of competitions. */
async function place(
  files: DatasetFiles,
  gathered: Gathered,
  { path, bytes, label, role }: Found,
): Promise<void> {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0 || bytes.length > MAX_PICTURE_BYTES) {
    const reason =
      Buffer.isBuffer(bytes) && bytes.length > 0
        ? 'it is larger than 64 MiB'
        : 'there are no bytes of an image in its row'
    gathered.leftOut.push({ path, reason })
    return
  }
  await files.embed(path, bytes)
  const isLabelled = typeof label === 'number' ? label >= 0 : label !== null && label.length > 0
  if (role === 'unlabelled' || !isLabelled) gathered.unlabelled.push({ path })
  else gathered[role].push({ path, label })
}

/** `train-00000-of-00001.parquet`, or `train/0000.parquet`. */
function splitOf(path: string): Found['role'] {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.parquet$/i, '')
  const role = splitNamedIn(name)?.role ?? roleOf(path) ?? 'train'
  return role === 'query' ? 'train' : role
}
