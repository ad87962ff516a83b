/**
 * WebDataset (https://github.com/webdataset/webdataset): files that lie side by side and are called alike up to the first
 * dot are a sample; beside its image `cls` has the class, as a number or a name, or `json` has it under “label”. Other images
 * of a sample, `seg.png` beside `jpg`, are masks and the like.
 */
import { basename, dirname } from 'node:path/posix'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import { pictureKind } from '../pictures/picture-names.ts'
import type { ClassificationArrangement, Format, Placed } from './arrangement.ts'
import { CLASS_NAMES } from './folders/class-names.ts'
import { type SplitRole, splitsAmong } from './folders/split-names.ts'
import { nameNumbers, placeSplits, type Told } from './place-splits.ts'
import { roleOf } from './read-lists.ts'

const MAX_LABEL_BYTES = 64 * 1024
const MAX_NAMES_BYTES = 1024 * 1024
const JSON_KEYS = ['label', 'cls', 'class', 'class_name', 'label_name', 'category']
const UNSIGNED = /^\d{1,9}$/

interface Part {
  file: DatasetFile
  ending: string
}

interface Sample {
  /** One at least, the plainest ending first. */
  pictures: [Part, ...Part[]]
  label: DatasetFile | undefined
}

export const webdataset: Format = {
  async recognizes(files) {
    const samples = gatherSamples(files)
    const labelled = samples.filter(({ label }) => label !== undefined)
    if (labelled.length < samples.length / 2 || labelled.length === 0) return false
    const [first] = labelled
    return (
      first?.label !== undefined && (await readLabel(files, first.label).catch(() => undefined)) !== undefined
    )
  },
  arrange,
}

function gatherSamples(files: DatasetFiles): Sample[] {
  const parts = files.list.flatMap((file) => {
    const [, key, ending] = /^((?:.*\/)?[^/.]+)\.([^/]+)$/.exec(file.path) ?? []
    return key === undefined || ending === undefined ? [] : [{ file, key, ending: ending.toLowerCase() }]
  })
  const labels = new Map<string, DatasetFile>()
  for (const { key, ending, file } of parts)
    if (ending === 'cls' || (ending === 'json' && !labels.has(key))) labels.set(key, file)
  if (labels.size === 0) return []
  const samples = new Map<string, Sample>()
  for (const { key, file, ending } of parts) {
    if (pictureKind(file.path) !== 'READABLE') continue
    const sample = samples.get(key)
    if (sample) sample.pictures.push({ file, ending })
    else samples.set(key, { pictures: [{ file, ending }], label: labels.get(key) })
  }
  for (const { pictures } of samples.values())
    pictures.sort((a, b) => depthOf(a) - depthOf(b) || a.ending.length - b.ending.length)
  return [...samples.values()]
}

function depthOf({ ending }: Part): number {
  return ending.split('.').length
}

/**
 * The image that its class is of.
 * @throws InvalidDatasetError where the endings do not tell it from the others
 */
function chooseImage([first, second]: Sample['pictures']): DatasetFile {
  if (second && depthOf(first) === depthOf(second))
    throw new InvalidDatasetError(
      `“${first.file.path}” and “${second.file.path}” are images of the same sample, and nothing tells which is to be learned: give the image an ending without a further dot, as .jpg, and masks and the like one with it, as .seg.png, or leave them out.`,
    )
  return first.file
}

function leaveOutOthers(
  pictures: Sample['pictures'],
  { path: chosen }: DatasetFile,
): ClassificationArrangement['leftOut'] {
  const others = pictures.map(({ file }) => file.path).filter((path) => path !== chosen)
  return others.map((path) => ({ path, reason: `it is another image of the sample of “${chosen}”` }))
}

async function arrange(files: DatasetFiles): Promise<ClassificationArrangement> {
  const told: Record<'train' | 'val' | 'test', { path: string; label: string }[]> = {
    train: [],
    val: [],
    test: [],
  }
  const unlabelled: Placed[] = []
  const leftOut: ClassificationArrangement['leftOut'] = []
  const used = new Set<string>()
  const samples = gatherSamples(files)
  const roles = rolesOfFolders(samples)
  for (const { pictures, label } of samples) {
    const picture = label ? chooseImage(pictures) : pictures[0].file
    const { path } = picture
    for (const { file } of pictures) used.add(file.path)
    leftOut.push(...leaveOutOthers(pictures, picture))
    if (label) used.add(label.path)
    const role = roleOf(path) ?? roles.get(basename(dirname(path))) ?? 'train'
    const text = label && (await readLabel(files, label).catch(unlessUnreadable))
    if (role === 'unlabelled') unlabelled.push({ path })
    else if (text === undefined)
      leftOut.push({ path, reason: 'it has no label: no cls or json beside it names one' })
    else if (role !== 'query') told[role].push({ path, label: text })
  }
  const names = await readNames(files)
  const all = Object.values(told).flatMap((split) => split.map(({ label }) => label))
  const classOf = nameClasses(all, names?.names)
  if (names) used.add(names.path)
  const inClasses = (split: readonly { path: string; label: string }[]): Told[] =>
    split.map(({ path, label }) => ({ path, className: classOf(label) }))
  const orNothing = (split: Told[]) => (split.length > 0 ? split : undefined)
  const placed = placeSplits({
    train: inClasses(told.train),
    val: orNothing(inClasses(told.val)),
    test: orNothing(inClasses(told.test)),
  })
  return {
    ...placed,
    kind: 'CLASSIFICATION',
    ...(unlabelled.length > 0 && { unlabelled }),
    leftOut: [...placed.leftOut, ...leftOut],
    ignored: files.list
      .filter(({ path }) => !used.has(path))
      .map(({ path }) => ({ path, reason: 'it is no image of a sample, nor its label' })),
  }
}

/** Of shards that say something else beside, too: `pets-train-000`, `pets-val-000`. */
function rolesOfFolders(samples: readonly Sample[]): Map<string, SplitRole> {
  const folders = samples.map(({ pictures: [first] }) => basename(dirname(first.file.path)))
  return splitsAmong([...new Set(folders)])
}

/** Undefined where it names no class. */
async function readLabel(files: DatasetFiles, file: DatasetFile): Promise<string | undefined> {
  if (file.byteLength === 0 || file.byteLength > MAX_LABEL_BYTES) return undefined
  const text = (await files.read(file)).toString('utf8').trim()
  if (!file.path.toLowerCase().endsWith('.json'))
    return text === '' || /[\r\n\0]/.test(text) ? undefined : text
  const record = parseRecord(text)
  const value = JSON_KEYS.map((key) => record?.[key]).find((found) => found !== undefined)
  const isLabel =
    (typeof value === 'string' && value !== '') || (typeof value === 'number' && Number.isInteger(value))
  return isLabel ? String(value) : undefined
}

function parseRecord(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value))
      : undefined
  } catch {
    return undefined
  }
}

/** A list of names, one a line, in the order of the numbers. */
async function readNames(files: DatasetFiles): Promise<{ path: string; names: string[] } | undefined> {
  const file = files.list.find(
    ({ path, byteLength }) => CLASS_NAMES.test(path) && byteLength <= MAX_NAMES_BYTES,
  )
  if (!file) return undefined
  const text = (await files.read(file)).toString('utf8')
  const names = text.split(/\r?\n/).map((line) => line.trim())
  return { path: file.path, names: names.at(-1) === '' ? names.slice(0, -1) : names }
}

/** @throws InvalidDatasetError where there are names, and not one for each number */
function nameClasses(
  labels: readonly string[],
  names: readonly string[] | undefined,
): (label: string) => string {
  if (!labels.every((label) => UNSIGNED.test(label))) return (label) => label
  if (!names) {
    const name = nameNumbers(labels.map(Number))
    return (label) => name(Number(label))
  }
  const unnamed = labels.find((label) => !names[Number(label)])
  if (unnamed !== undefined || new Set(names).size !== names.length)
    throw new InvalidDatasetError(
      `The list of class names has ${names.length} lines: ${unnamed === undefined ? 'some are the same' : `none is that of the label ${unnamed}`}.`,
    )
  return (label) => names[Number(label)] ?? label
}

/** A damaged label is none. */
function unlessUnreadable(error: unknown): undefined {
  if (!(error instanceof UnreadableFileError)) throw error
}
