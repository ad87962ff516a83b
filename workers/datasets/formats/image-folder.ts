/** ImageFolder, as torchvision reads it: `<class>/…/picture`, under `train/` and `test/` or without them. */

import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { pictureKind, REASONS } from '../pictures/picture-names.ts'
import {
  type ClassificationArrangement,
  type Format,
  type LabelledPath,
  numberClasses,
  pathsOf,
} from './arrangement.ts'
import { holdOutTestSet } from './hold-out-test-set.ts'

const MAX_CLASS_NAME_CHARACTERS = 200

/** Names that stand for the two splits, the preferred one first. */
const SPLIT_NAMES = { train: ['train', 'training'], test: ['test', 'testing', 'val', 'valid', 'validation'] }

interface Sorting {
  pictures: string[]
  ignored: ClassificationArrangement['ignored']
  leftOut: ClassificationArrangement['leftOut']
}

interface ClassedPath {
  path: string
  className: string
}

export const imageFolder: Format = {
  // What else it could be was asked before.
  recognizes: async () => true,
  arrange: async (files) => arrange(pathsOf(files)),
}

function arrange(sortedPaths: readonly string[]): ClassificationArrangement {
  const sorting = sortOut(sortedPaths)
  if (sorting.pictures.length === 0)
    throw new InvalidDatasetError(
      'There is no image in it: JPEG, PNG and WebP files are read, in a folder for each class.',
    )
  const prefix = commonFolder(sorting.pictures)
  const folders = topFolders(sorting.pictures, prefix)
  const notes = prefix ? [`Everything lies in “${prefix}”, which was looked through.`] : []
  const trainFolder = pick(folders, SPLIT_NAMES.train)
  const testFolder = pick(folders, SPLIT_NAMES.test)
  if (testFolder !== undefined && trainFolder === undefined && folders.size === 1)
    throw new InvalidDatasetError(
      `There is a “${testFolder}” folder but no “train” folder: there is nothing to learn from.`,
    )
  if (trainFolder === undefined)
    return withSplit(sorting, classify(sorting, sorting.pictures, prefix), undefined, notes)

  const rest = sorting.pictures.filter((path) => ![trainFolder, testFolder].includes(topOf(path, prefix)))
  for (const path of rest)
    sorting.leftOut.push({ path, reason: 'it lies outside the training and the test folder' })
  if (testFolder !== undefined && testFolder !== 'test')
    notes.push(`“${testFolder}” was taken as the test images.`)
  const inFolder = (folder: string) => {
    const start = `${prefix}${folder}/`
    return classify(
      sorting,
      sorting.pictures.filter((path) => path.startsWith(start)),
      start,
    )
  }
  return withSplit(sorting, inFolder(trainFolder), testFolder && inFolder(testFolder), notes)
}

function sortOut(paths: readonly string[]): Sorting {
  const sorting: Sorting = { pictures: [], ignored: [], leftOut: [] }
  for (const path of paths) {
    const kind = pictureKind(path)
    if (kind === 'READABLE') sorting.pictures.push(path)
    else if (kind === 'OTHER') sorting.leftOut.push({ path, reason: REASONS.OTHER })
    else sorting.ignored.push({ path, reason: REASONS.NONE })
  }
  return sorting
}

/** `name/` where all images lie in one folder that holds further folders, however often; else ''. */
function commonFolder(pictures: readonly string[]): string {
  let prefix = ''
  for (;;) {
    const folders = topFolders(pictures, prefix)
    const [only] = folders
    if (folders.size !== 1 || only === undefined || isSplitName(only)) return prefix
    const next = `${prefix}${only}/`
    const deeper = pictures.every((path) => path.startsWith(next) && path.indexOf('/', next.length) > 0)
    if (!deeper) return prefix
    prefix = next
  }
}

function isSplitName(folder: string): boolean {
  return [...SPLIT_NAMES.train, ...SPLIT_NAMES.test].includes(folder.toLowerCase())
}

function topFolders(pictures: readonly string[], prefix: string): Set<string> {
  const folders = new Set<string>()
  for (const path of pictures) {
    const top = topOf(path, prefix)
    if (top) folders.add(top)
  }
  return folders
}

/** The folder below the prefix that the path lies in, or '' where it lies in none. */
function topOf(path: string, prefix: string): string {
  const end = path.indexOf('/', prefix.length)
  return end < 0 ? '' : path.slice(prefix.length, end)
}

function pick(folders: Set<string>, names: readonly string[]): string | undefined {
  for (const name of names) {
    for (const folder of folders) if (folder.toLowerCase() === name) return folder
  }
  return undefined
}

function classify(sorting: Sorting, pictures: readonly string[], start: string): ClassedPath[] {
  const classed: ClassedPath[] = []
  for (const path of pictures) {
    const className = topOf(path, start)
    if (className === '') sorting.leftOut.push({ path, reason: 'it lies in no class’s folder' })
    else classed.push({ path, className })
  }
  return classed
}

function withSplit(
  sorting: Sorting,
  training: ClassedPath[],
  testing: ClassedPath[] | undefined | '',
  notes: string[],
): ClassificationArrangement {
  const kind = 'CLASSIFICATION'
  const classes = [...new Set([...training, ...(testing || [])].map(({ className }) => className))].sort()
  refuseClasses(classes, training)
  const labelOf = numberClasses(classes)
  const label = ({ path, className }: ClassedPath): LabelledPath => ({ path, label: labelOf(className) })
  const { ignored, leftOut } = sorting
  if (testing) {
    return { kind, classes, train: training.map(label), test: testing.map(label), ignored, leftOut, notes }
  }
  const split = holdOutTestSet(training.map(label))
  return { kind, classes, ...split, ignored, leftOut, notes: [...notes, split.note] }
}

function refuseClasses(classes: readonly string[], training: readonly ClassedPath[]): void {
  const trained = new Set(training.map(({ className }) => className))
  const untrained = classes.find((name) => !trained.has(name))
  if (untrained !== undefined)
    throw new InvalidDatasetError(`The class “${untrained}” has test images but no training image.`)
  if (classes.length < 2)
    throw new InvalidDatasetError(
      `There ${classes.length === 1 ? `is only one class, “${classes[0]}”` : 'is no class'}: put the images of each class into a folder of its own, two classes at least.`,
    )
  const long = classes.find((name) => name.length > MAX_CLASS_NAME_CHARACTERS)
  if (long)
    throw new InvalidDatasetError(
      `The class name “${long.slice(0, 40)}…” is longer than ${MAX_CLASS_NAME_CHARACTERS} characters.`,
    )
}
