/** Images beside lists of them: tables that name the file, the label and, if they like, the split of each. */
import type { DatasetFiles } from '../archives/dataset-files.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { mayBePicture, pictureKind, REASONS } from '../pictures/picture-names.ts'
import {
  type ClassificationArrangement,
  type Format,
  type LabelledPath,
  numberClasses,
} from './arrangement.ts'
import { classesByFolder, compareWithFolders } from './compare-with-folders.ts'
import { type SplitRole, splitNamedIn } from './folders/split-names.ts'
import { countImages } from './folders/understanding.ts'
import { holdOutTestSet } from './hold-out-test-set.ts'
import {
  doubtProblems,
  doubtSkipped,
  doubtTwoSplits,
  doubtUnlabelled,
  doubtUnlisted,
  doubtValidation,
  noteValidation,
} from './list-doubts.ts'
import { type ListedPicture, type Lists, readLists, roleOf } from './read-lists.ts'
import { type SelectedLists, selectLists } from './select-lists.ts'

const MAX_CLASS_NAME_CHARACTERS = 200
/** What a list may name as the split of an image. */
const SPLITS: readonly SplitRole[] = ['train', 'val', 'test', 'unlabelled']

export const listedPictures: Format = {
  async recognizes(files) {
    const { lists } = await readLists(files)
    const listed = new Set(lists.flatMap(({ pictures }) => pictures.filter(isUsable).map(({ path }) => path)))
    return listed.size > 0 && listed.size >= classesByFolder(files).size / 2
  },
  arrange,
}

interface Labelled {
  path: string
  label: string
}

interface Sorted {
  train: Labelled[]
  val: Labelled[]
  test: Labelled[]
  unlabelled: string[]
  /** How many of the test images a list calls validation images. */
  validationInTest: number
  leftOut: ClassificationArrangement['leftOut']
  labels: Map<string, string>
  splits: Map<string, SplitRole>
  inTwoSplits: { path: string; splits: [SplitRole, SplitRole] }[]
  conflicts: { path: string; labels: [string, string] }[]
}

async function arrange(files: DatasetFiles): Promise<ClassificationArrangement> {
  const found = await readLists(files)
  const selected = selectLists(found.lists)
  const sorted = sortListed(selected)
  const { train, test, labels, leftOut } = sorted
  const validation = keepTrained(sorted)
  if (labels.size === 0) throw nothingListed(found, leftOut)
  const classes = [...new Set([...train, ...test].map(({ label }) => label))].sort()
  const names = selected.taken.map(({ path }) => `“${path}”`).join(', ')
  refuseClasses(classes, names)
  const number = numberClasses(classes)
  const place = ({ path, label }: Labelled): LabelledPath => ({ path, label: number(label) })
  const reason = selected.taken.length > 1 ? 'no list names it' : `${names} does not name it`
  const isList = new Set(selected.taken.map(({ path }) => path))
  const listedUnlabelled = new Set(sorted.unlabelled)
  const unlisted = files.list.filter(
    ({ path }) => !labels.has(path) && !isList.has(path) && !listedUnlabelled.has(path),
  )
  const flat = unlisted.filter(({ path }) => mayBeUnlabelled(path)).map(({ path }) => ({ path }))
  const isFlat = new Set(flat.map(({ path }) => path))
  const ignored = unlisted.filter(({ path }) => !isFlat.has(path)).map(({ path }) => ({ path, reason }))
  const unlabelled = [...[...listedUnlabelled].map((path) => ({ path })), ...flat]
  const split =
    test.length > 0 ? { train: train.map(place), test: test.map(place) } : holdOutTestSet(train.map(place))
  const notes = [`Labels are as ${names} ${selected.taken.length > 1 ? 'have' : 'has'} them.`]
  return {
    kind: 'CLASSIFICATION',
    classes,
    train: split.train,
    ...(validation.length > 0 && { validation: validation.map(place) }),
    test: split.test,
    ...(unlabelled.length > 0 && { unlabelled }),
    ignored,
    leftOut,
    notes: [
      ...notes,
      ...selected.taken.flatMap((list) => list.notes),
      ...(validation.length > 0 ? [noteValidation(validation.length)] : []),
      ...('note' in split ? [split.note] : []),
    ],
    doubts: [
      ...doubtSkipped(selected),
      ...doubtConflicts(sorted),
      ...doubtTwoSplits(sorted.inTwoSplits),
      ...selected.taken.flatMap((list) => list.doubts),
      ...doubtValidation(sorted.validationInTest),
      ...doubtUnlabelled(flat),
      ...doubtUnlisted(ignored, labels.size),
      ...compareWithFolders(files, labels, names),
      ...doubtProblems(found.problems),
    ],
  }
}

function isUsable({ path, isThere, label }: ListedPicture): boolean {
  return isThere && label !== '' && mayBePicture(path)
}

function sortListed({ taken }: SelectedLists): Sorted {
  const sorted: Sorted = {
    ...{ train: [], val: [], test: [], unlabelled: [], validationInTest: 0 },
    ...{ leftOut: [], labels: new Map(), splits: new Map(), inTwoSplits: [], conflicts: [] },
  }
  for (const { pictures, role } of taken) for (const picture of pictures) sortIn(sorted, picture, role)
  // Validation images test only where nothing else does.
  if (sorted.test.length === 0) sorted.test = sorted.val.splice(0)
  else sorted.validationInTest = 0
  return sorted
}

/** The validation images whose classes are trained; what is not cannot choose a checkpoint, and is left out. */
function keepTrained({ train, val, leftOut }: Sorted): Labelled[] {
  const trained = new Set(train.map(({ label }) => label))
  for (const { path, label } of val)
    if (!trained.has(label))
      leftOut.push({ path, reason: 'it is a validation image of a class without training images' })
  return val.filter(({ label }) => trained.has(label))
}

/** An image that no list names, in a folder whose name says why. */
function mayBeUnlabelled(path: string): boolean {
  const role = roleOf(path)
  return (role === 'test' || role === 'unlabelled') && pictureKind(path) === 'READABLE'
}

function sortIn(sorted: Sorted, picture: ListedPicture, role: SplitRole | undefined): void {
  const { path, label, split: written } = picture
  const known = sorted.labels.get(path)
  if (known !== undefined && known !== label) sorted.conflicts.push({ path, labels: [known, label] })
  const named = written === undefined ? (role ?? roleOf(path) ?? 'train') : splitNamedIn(written)?.role
  const before = sorted.splits.get(path)
  if (before !== undefined && named !== undefined && before !== named && known === label)
    sorted.inTwoSplits.push({ path, splits: [before, named] })
  const reason = reasonAgainst(picture, known !== undefined)
  if (reason !== undefined) {
    sorted.leftOut.push({ path: path.slice(0, 200), reason })
    return
  }
  const split = named ?? 'train'
  if (split === 'unlabelled') {
    sorted.unlabelled.push(path)
    return
  }
  sorted.labels.set(path, label)
  sorted.splits.set(path, split)
  if (split === 'val' && written !== undefined) sorted.validationInTest++
  sorted[split === 'val' || split === 'test' ? split : 'train'].push({ path, label })
}

/** Why an image is left out, if it is. */
function reasonAgainst(
  { path, isThere, label, split }: ListedPicture,
  isListedBefore: boolean,
): string | undefined {
  if (!isThere) return 'it is listed, but not there'
  if (isListedBefore) return 'it is listed a second time'
  const role = split === undefined ? undefined : splitNamedIn(split)?.role
  if (label === '' && role !== 'unlabelled') return 'it has no label'
  if (split !== undefined && !(role && SPLITS.includes(role)))
    return `its split is “${split.slice(0, 40)}”, not train or test`
  const kind = pictureKind(path)
  return kind === 'READABLE' || mayBePicture(path) ? undefined : REASONS[kind]
}

function doubtConflicts({ conflicts }: Sorted): ClassificationArrangement['doubts'] {
  const [first] = conflicts
  if (!first) return []
  const more = conflicts.length > 1 ? `, and ${countImages(conflicts.length - 1)} more` : ''
  return [
    {
      kind: 'SAME_IMAGE_TWO_LABELS',
      message: `“${first.path}” is listed as “${first.labels[0]}” and as “${first.labels[1]}”${more}: the first was taken.`,
      remedy: 'Take the wrong rows out of the list.',
    },
  ]
}

/** What is thrown where no list names an image that can be used. */
function nothingListed({ problems }: Lists, leftOut: ClassificationArrangement['leftOut']): Error {
  const [problem] = problems.toSorted((a, b) => Number(b.isUsual) - Number(a.isUsual))
  if (problem && leftOut.length === 0) return problem.error
  const first = leftOut[0] ? ` The first: ${leftOut[0].path}: ${leftOut[0].reason}.` : ''
  return new InvalidDatasetError(
    leftOut.length > 0
      ? `No image that the lists name can be used.${first}`
      : 'There is no list of labels in it: a labels.csv or labels.jsonl with path and label.',
  )
}

function refuseClasses(classes: readonly string[], names: string): void {
  if (classes.length < 2)
    throw new InvalidDatasetError(
      `All images of ${names} have the label “${classes[0]}”; two at least are needed.`,
    )
  const long = classes.find((name) => name.length > MAX_CLASS_NAME_CHARACTERS)
  if (long)
    throw new InvalidDatasetError(
      `The label “${long.slice(0, 40)}…” is longer than ${MAX_CLASS_NAME_CHARACTERS} characters.`,
    )
}
