/** Images beside a list of them: a CSV or JSONL file with the path, the label and, if it likes, the split of each. */
import { dirname, join } from 'node:path/posix'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { openText } from '../lists/open-text.ts'
import { pictureKind, REASONS } from '../pictures/picture-names.ts'
import {
  type ClassificationArrangement,
  type Format,
  type LabelledPath,
  numberClasses,
} from './arrangement.ts'
import { holdOutTestSet } from './hold-out-test-set.ts'
import { type ListedPicture, readCsvList, readJsonLines } from './list-rows.ts'

const LIST = /(^|\/)(manifest|metadata|labels|dataset|annotations|index)\.(csv|jsonl)$/i
const MAX_LISTED = 1_000_000
const MAX_CLASS_NAME_CHARACTERS = 200
const SPLITS = new Map<string, 'train' | 'test'>([
  ['train', 'train'],
  ['training', 'train'],
  ['test', 'test'],
  ['testing', 'test'],
  ['val', 'test'],
  ['valid', 'test'],
  ['validation', 'test'],
])

export const listedPictures: Format = {
  recognizes: async (files) => files.list.some(({ path }) => LIST.test(path)),
  arrange,
}

interface Sorted {
  train: ListedPicture[]
  test: ListedPicture[]
  hasSplits: boolean
  leftOut: ClassificationArrangement['leftOut']
  listed: Set<string>
  notes: string[]
}

async function arrange(files: DatasetFiles): Promise<ClassificationArrangement> {
  const list = files.list.find(({ path }) => LIST.test(path))
  if (!list) throw new InvalidDatasetError('There is no list in it: manifest.csv or manifest.jsonl.')
  const sorted = await sortListed(files, list)
  const { leftOut, listed } = sorted
  const pictures = [...sorted.train, ...sorted.test]
  if (pictures.length === 0)
    throw new InvalidDatasetError(
      `“${list.path}” names no image that is there.${leftOut[0] ? ` The first: ${leftOut[0].path}: ${leftOut[0].reason}.` : ''}`,
    )
  const classes = [...new Set(pictures.map(({ label }) => label))].sort()
  refuseClasses(classes, list)
  const labelOf = numberClasses(classes)
  const place = ({ path, label }: ListedPicture): LabelledPath => ({ path, label: labelOf(label) })
  const ignored = files.list
    .filter(({ path }) => !listed.has(path) && path !== list.path)
    .map(({ path }) => ({ path, reason: `“${list.path}” does not name it` }))
  const notes = [`Labels are as “${list.path}” has them.`, ...sorted.notes]
  const common = { kind: 'CLASSIFICATION' as const, classes, ignored, leftOut, doubts: [] }
  if (sorted.hasSplits)
    return { ...common, train: sorted.train.map(place), test: sorted.test.map(place), notes }
  const { note, ...split } = holdOutTestSet(sorted.train.map(place))
  return { ...common, ...split, notes: [...notes, note] }
}

async function sortListed(files: DatasetFiles, list: DatasetFile): Promise<Sorted> {
  const there = new Set(files.list.map(({ path }) => path))
  const sorted: Sorted = { train: [], test: [], hasSplits: false, leftOut: [], listed: new Set(), notes: [] }
  const { text, notes } = await openText(files, list)
  sorted.notes.push(...notes)
  const rows = list.path.toLowerCase().endsWith('.csv')
    ? readCsvList(text, list.path)
    : readJsonLines(text, list.path)
  let count = 0
  for await (const row of rows) {
    if (++count > MAX_LISTED)
      throw new InvalidDatasetError(
        `“${list.path}” lists more than ${MAX_LISTED.toLocaleString('en')} images.`,
      )
    // Nothing is ever opened by this path: it is only looked up among the files that were checked.
    const path = join(dirname(list.path), row.path.normalize('NFC'))
    sortIn(sorted, { ...row, path }, there)
  }
  return sorted
}

function sortIn(sorted: Sorted, picture: ListedPicture, there: ReadonlySet<string>): void {
  const { path, split } = picture
  const found = splitOrReason(picture, sorted.listed, there)
  if ('reason' in found) {
    sorted.leftOut.push({ path: path.slice(0, 200), reason: found.reason })
    return
  }
  sorted.listed.add(path)
  sorted.hasSplits ||= split !== undefined
  sorted[found.split].push(picture)
}

/** A list without splits has training images only, of which some are set aside later. */
function splitOf(split: string | undefined): 'train' | 'test' | undefined {
  return split === undefined ? 'train' : SPLITS.get(split.toLowerCase())
}

/** The split that an image belongs to, or why it is left out. */
function splitOrReason(
  { path, label, split: written }: ListedPicture,
  listed: ReadonlySet<string>,
  there: ReadonlySet<string>,
): { split: 'train' | 'test' } | { reason: string } {
  if (!there.has(path)) return { reason: 'it is listed, but not there' }
  if (listed.has(path)) return { reason: 'it is listed a second time' }
  if (label === '') return { reason: 'it has no label' }
  const split = splitOf(written)
  if (!split) return { reason: `its split is “${written?.slice(0, 40)}”, not train or test` }
  const kind = pictureKind(path)
  return kind === 'READABLE' ? { split } : { reason: REASONS[kind] }
}

function refuseClasses(classes: readonly string[], { path }: DatasetFile): void {
  if (classes.length < 2)
    throw new InvalidDatasetError(
      `All images of “${path}” have the label “${classes[0]}”; two at least are needed.`,
    )
  const long = classes.find((name) => name.length > MAX_CLASS_NAME_CHARACTERS)
  if (long)
    throw new InvalidDatasetError(
      `The label “${long.slice(0, 40)}…” is longer than ${MAX_CLASS_NAME_CHARACTERS} characters.`,
    )
}
