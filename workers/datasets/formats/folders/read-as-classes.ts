import { InvalidDatasetError } from '../../archives/invalid-dataset-error.ts'
import { type Folder, picturesBelow } from './folder-tree.ts'
import {
  areNumberedParts,
  isFoldName,
  isMaskName,
  isPictureName,
  type SplitRole,
  splitNamedIn,
  splitsAmong,
} from './split-names.ts'
import {
  addClass,
  addClasses,
  type ClassedSplit,
  countImages,
  keepUnlabelled,
  leaveOut,
  nameSome,
  type Understanding,
} from './understanding.ts'

/**
 * Reads a folder's folders as classes, or what lies in them as splits or folds where their names say so.
 * @throws InvalidDatasetError where they are folds or masks, and no classes
 */
export function readAsClasses(understanding: Understanding, root: Folder): void {
  const level = withoutUnlabelled(understanding, root)
  const { folders } = level
  if (folders.length > 1 && folders.every(({ name }) => isFoldName(name))) readFolds(understanding, folders)
  else if (folders.length > 1 && folders.every(holdsTraining)) readSplitsInClasses(understanding, level)
  else {
    checkClassFolders(understanding, folders)
    addClasses(understanding, 'train', level)
    return
  }
  leaveOut(understanding, level.pictures, 'it lies in no class’s folder')
}

/** `unlabelled` beside the classes is none of them. */
function withoutUnlabelled(understanding: Understanding, level: Folder): Folder {
  const isUnlabelled = ({ name }: Folder) => splitsAmong([name]).get(name) === 'unlabelled'
  const [unlabelled, folders] = [
    level.folders.filter(isUnlabelled),
    level.folders.filter((folder) => !isUnlabelled(folder)),
  ]
  if (unlabelled.length === 0 || folders.length < 2) return level
  keepUnlabelled(understanding, unlabelled)
  return { ...level, folders }
}

/** @throws InvalidDatasetError where the folders are images and their masks */
export function checkClassFolders(understanding: Understanding, folders: readonly Folder[]): void {
  refuseMasks(folders)
  doubtNames(understanding, folders)
  doubtRepetition(understanding, folders)
}

function holdsTraining({ folders }: Folder): boolean {
  return [...splitsAmong(folders.map(({ name }) => name)).values()].includes('train')
}

/** `cat/train`, `cat/test`: the splits lie in the classes. */
function readSplitsInClasses(understanding: Understanding, level: Folder): void {
  understanding.classFolders.push(level.path)
  for (const folder of level.folders) {
    const roles = splitsAmong(folder.folders.map(({ name }) => name))
    const reason = 'it lies in a class, but in none of the splits in it'
    leaveOut(understanding, folder.pictures, reason)
    for (const below of folder.folders) {
      const split = asClassed(roles.get(below.name))
      if (split) addClass(understanding, split, folder.name, below)
      else leaveOut(understanding, picturesBelow(below), reason)
    }
  }
  const [first] = level.folders
  understanding.notes.push(
    `The splits lie in the classes (“${first?.path}${first?.folders[0]?.name}”), and were taken as such.`,
  )
}

function asClassed(role: SplitRole | undefined): ClassedSplit | undefined {
  return role === 'query' || role === 'unlabelled' ? undefined : role
}

/** @throws InvalidDatasetError where the folds hold no classes */
function readFolds(understanding: Understanding, folds: readonly Folder[]): void {
  const names = nameSome(folds.map(({ name }) => name))
  if (folds.some(({ folders }) => folders.length === 0))
    throw new InvalidDatasetError(
      `${names} are folds of a cross-validation, not classes, and no folders of classes lie in them. Put the images of each class into a folder of its own, or add a list of labels.`,
    )
  for (const fold of folds) addClasses(understanding, 'train', fold)
  understanding.doubts.push({
    kind: 'FOLDS',
    message: `${names} were taken as folds of a cross-validation: their images were put together, and the folders in them are the classes.`,
    remedy:
      'To test with a fold of your choice, name its folder “test” and put the others together in one named “train”.',
  })
}

/** @throws InvalidDatasetError where the folders are images and their masks */
function refuseMasks(folders: readonly Folder[]): void {
  const masks = folders.filter(({ name }) => isMaskName(name))
  const others = folders.filter(({ name }) => !isMaskName(name))
  const arePictures = others.every(({ name }) => isPictureName(name) || splitNamedIn(name))
  if (masks.length === 0 || others.length === 0 || !arePictures) return
  throw new InvalidDatasetError(
    `${nameSome(masks.map(({ path }) => path))} ${masks.length === 1 ? 'holds' : 'hold'} masks or annotations of the images in ${nameSome(others.map(({ path }) => path))}, not a class: there are no folders of classes. Put the images of each class into a folder of its own, without masks, or add a list of labels.`,
  )
}

function doubtNames({ doubts }: Understanding, folders: readonly Folder[]): void {
  const names = folders.map(({ name }) => name)
  const splits = names.filter((name) => splitNamedIn(name) && !isMaskName(name))
  const isSplit = new Set(splits)
  if (splits.length > 0)
    doubts.push({
      kind: 'SPLIT_NAMED_CLASS',
      message: `${nameSome(splits)} ${splits.length === 1 ? 'has the name of a split' : 'have the names of splits'}, and ${splits.length === 1 ? 'was' : 'were'} read as ${splits.length === 1 ? 'a class' : 'classes'} beside ${nameSome(names.filter((name) => !isSplit.has(name)))}.`,
      remedy: 'If it is a split, put the images in it into a folder for each class: train/<class>/….',
    })
  if (folders.length > 1 && areNumberedParts(names))
    doubts.push({
      kind: 'SPLIT_NAMED_CLASS',
      message: `${nameSome(names)} are numbered as parts of one set are, and were read as classes.`,
      remedy:
        'If they are parts, put the images of each class into a folder of its own, or add a list of labels.',
    })
  const masks = folders.filter(({ name }) => isMaskName(name))
  if (masks.length > 0 && masks.length < folders.length)
    doubts.push({
      kind: 'MASKS',
      message: `${nameSome(masks.map(({ name }) => name))} ${masks.length === 1 ? 'has the name of a folder' : 'have the names of folders'} of masks, and ${masks.length === 1 ? 'was read as a class' : 'were read as classes'} with ${countImages(masks.reduce((sum, { count }) => sum + count, 0))}.`,
      remedy: 'If they are masks or annotations, take the folder out.',
    })
}

/** The same folders under each of several: `photos/cat`, `photos/dog`, `drawings/cat`, `drawings/dog`. */
function doubtRepetition({ doubts }: Understanding, folders: readonly Folder[]): void {
  const [first] = folders
  const names = first ? foldersWithin(first).map(({ name }) => name) : []
  if (folders.length < 2 || names.length < 2) return
  const isName = new Set(names)
  const isSame = (folder: Folder) => {
    const below = foldersWithin(folder)
    const shared = below.filter(({ name }) => isName.has(name)).length
    return shared >= 2 && shared >= 0.8 * Math.max(below.length, names.length)
  }
  if (!folders.every(isSame)) return
  doubts.push({
    kind: 'REPEATED_CLASSES',
    message: `${nameSome(names)} lie under each of ${nameSome(folders.map(({ name }) => name))}: ${nameSome(folders.map(({ name }) => name))} were read as the classes, all below each put together.`,
    remedy: `If ${nameSome(names)} are the classes, put the images of each into one folder of that name.`,
  })
}

/** What lies side by side in a folder, be it in a single folder in it: `amazon/images/mug`, `amazon/images/pen`. */
function foldersWithin({ folders, pictures }: Folder): Folder[] {
  const [only, second] = folders
  return only && !second && pictures.length === 0 ? foldersWithin(only) : folders
}
