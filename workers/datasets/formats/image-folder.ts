/** Folders of images, as torchvision reads them and as they come: `<class>/…/picture`, under `train/` and `test/` or without. */

import type { Doubt } from '../../../contract/dataset-doubts.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { doubtUnreadLists, findUnreadLists, wordsOf } from '../lists/unread-lists.ts'
import { REASONS } from '../pictures/picture-names.ts'
import { type KindOf, recognizePictures } from '../pictures/recognize-pictures.ts'
import { whyNoImage } from '../pictures/why-no-image.ts'
import {
  type ClassificationArrangement,
  type Format,
  type LabelledPath,
  numberClasses,
  pathsOf,
} from './arrangement.ts'
import { nameNumberedClasses } from './folders/class-names.ts'
import { treeOf } from './folders/folder-tree.ts'
import { findMissingClasses } from './folders/missing-classes.ts'
import { splitNamedIn } from './folders/split-names.ts'
import { understandFolders } from './folders/understand-folders.ts'
import { type ClassedPath, countImages, type Understanding } from './folders/understanding.ts'
import { holdOutTestSet } from './hold-out-test-set.ts'
import { isAnnotations, labelFlatSplits } from './label-flat-splits.ts'
import { doubtProblems, noteValidation } from './list-doubts.ts'
import { readLists } from './read-lists.ts'

const MAX_CLASS_NAME_CHARACTERS = 200

export const imageFolder: Format = {
  // What else it could be was asked before.
  recognizes: async () => true,
  async arrange(files) {
    const { problems } = await readLists(files)
    try {
      const arrangement = await arrange(files)
      return { ...arrangement, doubts: [...arrangement.doubts, ...(await doubtLists(files))] }
    } catch (error) {
      if (!(error instanceof InvalidDatasetError)) throw error
      if (problems.length === 0) throw await withUnreadLists(error, files)
      // A list that cannot be read says more of why there are no classes than the folders do.
      const usual = problems.find(({ isUsual }) => isUsual)
      if (usual) throw usual.error
      throw new InvalidDatasetError(`${error.message} ${problems[0]?.error.message}`, { cause: error })
    }
  },
}

/** Of tables that could not be read as lists, or that list too little to be taken. */
async function doubtLists(files: DatasetFiles): Promise<Doubt[]> {
  const { lists, problems } = await readLists(files)
  const skipped = lists.map(
    ({ path, pictures }): Doubt => ({
      kind: 'SEVERAL_CANDIDATES',
      message: `The folders were taken as the classes, and not “${path}”, which labels ${countImages(pictures.length)}.`,
      remedy: 'If the list was meant, choose to read it as a list, or take the folders out.',
    }),
  )
  return [...skipped.slice(0, 1), ...doubtProblems(problems)]
}

async function withUnreadLists(
  error: InvalidDatasetError,
  files: DatasetFiles,
): Promise<InvalidDatasetError> {
  const unread = await findUnreadLists(files, pathsOf(files), () => false)
  return unread.length === 0
    ? error
    : new InvalidDatasetError(`${error.message} ${wordsOf(unread)}`, { cause: error })
}

interface Sorting {
  pictures: string[]
  ignored: ClassificationArrangement['ignored']
  leftOut: ClassificationArrangement['leftOut']
}

async function arrange(files: DatasetFiles): Promise<ClassificationArrangement> {
  const { pictures, ignored, leftOut } = sortOut(pathsOf(files), await recognizePictures(files))
  if (pictures.length === 0) throw new InvalidDatasetError(whyNoImage(pathsOf(files)))
  const understanding = understandFolders(treeOf(pictures))
  await labelFlatSplits(files, understanding)
  const missing = findMissingClasses(understanding, { ignored, leftOut }, files.folders)
  const { train, val, test } = understanding.splits
  const notes = [...understanding.notes]
  const isRead = (path: string) =>
    isAnnotations(path) && understanding.flat.some(({ folder }) => path.startsWith(`${folder}/`))
  const unread = doubtUnreadLists(await findUnreadLists(files, pathsOf(files), isRead))
  const doubts = [...understanding.doubts, ...missing, ...unread]
  const validating = test && val ? keepTrained(val, train, leftOut) : []
  notes.push(...noteNames(understanding, train, 'train'), ...noteNames(understanding, test ?? val, 'test'))
  if (validating.length > 0) notes.push(noteValidation(validating.length))
  const { note: heldOut, validation, ...split } = withLabels(train, validating, test ?? val, missing)
  const named = await nameNumberedClasses(files, split.classes)
  const note = [...named.notes, ...(heldOut === undefined ? [] : [heldOut])]
  const unlabelled = understanding.unlabelled.sort().map((path) => ({ path }))
  return {
    kind: 'CLASSIFICATION',
    ...split,
    classes: named.classes,
    ...(validation.length > 0 && { validation }),
    ...(unlabelled.length > 0 && { unlabelled }),
    ignored: ignored.filter(({ path }) => path !== named.read),
    leftOut: [...leftOut, ...understanding.leftOut],
    notes: [...notes, ...note],
    doubts,
  }
}

function sortOut(paths: readonly string[], kindOf: KindOf): Sorting {
  const sorting: Sorting = { pictures: [], ignored: [], leftOut: [] }
  for (const path of paths) {
    const kind = kindOf(path)
    if (kind === 'READABLE') sorting.pictures.push(path)
    else if (kind === 'OTHER') sorting.leftOut.push({ path, reason: REASONS.OTHER })
    else sorting.ignored.push({ path, reason: REASONS.NONE })
  }
  return sorting
}

/** Says which folder a split was read from, where it has another name. */
function noteNames(
  { classFolders }: Understanding,
  pictures: readonly ClassedPath[] = [],
  split: 'train' | 'test',
): string[] {
  const path = pictures[0]?.path ?? ''
  const folder = classFolders.find((start) => start !== '' && path.startsWith(start))
  const names = folder?.slice(0, -1).split('/') ?? []
  const name = names.findLast((part) => splitNamedIn(part)) ?? split
  return name === split
    ? []
    : [`“${name}” was taken as the ${split === 'train' ? 'training' : 'test'} images.`]
}

/** The images whose classes are trained; what is not cannot choose a checkpoint, and is left out. */
function keepTrained(
  val: ClassedPath[],
  train: readonly ClassedPath[],
  leftOut: Sorting['leftOut'],
): ClassedPath[] {
  const trained = new Set(train.map(({ className }) => className))
  for (const { path, className } of val)
    if (!trained.has(className))
      leftOut.push({ path, reason: 'it is a validation image of a class without training images' })
  return val.filter(({ className }) => trained.has(className))
}

function withLabels(
  training: ClassedPath[],
  validating: ClassedPath[],
  testing: ClassedPath[] | undefined,
  missing: readonly Doubt[],
): Pick<ClassificationArrangement, 'classes' | 'train' | 'test'> & {
  validation: LabelledPath[]
  note?: string
} {
  const classes = [...new Set([...training, ...(testing ?? [])].map(({ className }) => className))].sort()
  refuseClasses(classes, training, missing)
  const labelOf = numberClasses(classes)
  const label = ({ path, className }: ClassedPath): LabelledPath => ({ path, label: labelOf(className) })
  const train = inOrder(training).map(label)
  const validation = inOrder(validating).map(label)
  if (testing) return { classes, train, validation, test: inOrder(testing).map(label) }
  return { classes, validation, ...holdOutTestSet(train) }
}

/** By path, by code units: however the folders were gone through. */
function inOrder(pictures: ClassedPath[]): ClassedPath[] {
  return pictures.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function refuseClasses(
  classes: readonly string[],
  training: readonly ClassedPath[],
  missing: readonly Doubt[],
): void {
  const trained = new Set(training.map(({ className }) => className))
  const untrained = classes.find((name) => !trained.has(name))
  if (untrained !== undefined)
    throw new InvalidDatasetError(
      `The class “${untrained}” has test images but no training image.${hintAtAlike(untrained, trained)}`,
    )
  const lost = missing[0] ? ` ${missing[0].message}` : ''
  if (classes.length < 2)
    throw new InvalidDatasetError(
      `There ${classes.length === 1 ? `is only one class, “${classes[0]}”` : 'is no class'}: put the images of each class into a folder of its own, two classes at least.${lost}`,
    )
  const long = classes.find((name) => name.length > MAX_CLASS_NAME_CHARACTERS)
  if (long)
    throw new InvalidDatasetError(
      `The class name “${long.slice(0, 40)}…” is longer than ${MAX_CLASS_NAME_CHARACTERS} characters.`,
    )
}

/** Names that a person takes for the same. */
function hintAtAlike(name: string, others: ReadonlySet<string>): string {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_-]+/g, '')
  const alike = [...others].find((other) => plain(other) === plain(name))
  return alike === undefined
    ? ''
    : ` There are training images of “${alike}”: if that is the same class, give both folders the same name.`
}
