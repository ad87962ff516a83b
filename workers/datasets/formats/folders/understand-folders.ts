/**
 * Where among folders the splits and the classes are. From the top down: the first folder that holds splits is read as
 * such; a folder that holds nothing but one other is looked through; else its folders are the classes.
 */
import { InvalidDatasetError } from '../../archives/invalid-dataset-error.ts'
import { type Folder, picturesBelow } from './folder-tree.ts'
import { readAsClasses } from './read-as-classes.ts'
import { readAsSplits } from './read-as-splits.ts'
import { holdsClasses, holdsSplitsBelow } from './split-folders.ts'
import { isFoldName, isMaskName, type SplitRole, splitsAmong } from './split-names.ts'
import {
  countImages,
  emptyUnderstanding,
  leaveOut,
  MASK_REASON,
  nameSome,
  type Understanding,
} from './understanding.ts'

/** @throws InvalidDatasetError where the folders are splits that hold no classes */
export function understandFolders(root: Folder): Understanding {
  const understanding = emptyUnderstanding()
  let level = root
  for (;;) {
    const splits = findSplits(level)
    if (splits) {
      readAsSplits(understanding, level, splits)
      break
    }
    const next = wrappedIn(level) ?? chooseHolder(understanding, level)
    if (!next) {
      readAsClasses(understanding, level)
      break
    }
    leaveOut(understanding, level.pictures, 'it lies in no class’s folder')
    level = next
  }
  if (level.path) understanding.notes.unshift(`Everything lies in “${level.path}”, which was looked through.`)
  tellMasks(understanding)
  return understanding
}

function tellMasks({ leftOut, doubts }: Understanding): void {
  const masks = leftOut.filter(({ reason }) => reason === MASK_REASON)
  if (masks[0])
    doubts.push({
      kind: 'MASKS',
      message: `${countImages(masks.length)} look like masks of others and were left out, the first “${masks[0].path}”.`,
      remedy:
        'If they are images to learn from, give them other names, in no folder that is called after masks.',
    })
}

/**
 * The splits among a folder's folders, where the training ones hold classes.
 * @throws InvalidDatasetError where there are splits, and none to learn from, or no classes in them
 */
function findSplits({ folders }: Folder): Map<Folder, SplitRole> | undefined {
  const named = splitsAmong(folders.map(({ name }) => name))
  if (named.size === 0) return undefined
  const splits = new Map<Folder, SplitRole>()
  for (const folder of folders) {
    const role = named.get(folder.name)
    if (role) splits.set(folder, role)
  }
  const training = [...splits].filter(([, role]) => role === 'train').map(([folder]) => folder)
  if (training.some(holdsClasses)) return splits
  refuseSplitsAlone(folders, splits, training)
  return undefined
}

function refuseSplitsAlone(
  folders: readonly Folder[],
  splits: ReadonlyMap<Folder, SplitRole>,
  training: readonly Folder[],
): void {
  const names = [...splits.keys()].map(({ name }) => name)
  const isNothingElse = folders.every((folder) => splits.has(folder) || isMaskName(folder.name))
  if (training.length === 0 && isNothingElse)
    throw new InvalidDatasetError(
      `There is a ${nameSome(names)} folder but no “train” folder: there is nothing to learn from.`,
    )
  const isCertain = isNothingElse || new Set(splits.values()).size > 1
  if (training.length > 0 && isCertain)
    throw new InvalidDatasetError(
      `${nameSome(names)} ${names.length === 1 ? 'is a split' : 'are splits'}, not classes, and the images lie in ${names.length === 1 ? 'it' : 'them'} without a folder for each class. Put the images of each class into a folder of its own (${names[0]}/<class>/…), or add a list: a labels.csv with the columns path and label. A data set for detection or segmentation, or one without labels, cannot be trained on here.`,
    )
}

/** The only folder with images, where it holds further folders. */
function wrappedIn({ folders }: Folder): Folder | undefined {
  const [only, second] = folders
  return only && !second && only.folders.length > 0 ? only : undefined
}

/** Where splits lie deeper, in one of several folders: that one; the others are left out, and that is told. */
function chooseHolder(understanding: Understanding, level: Folder): Folder | undefined {
  const holders = level.folders.filter(holdsSplitsBelow)
  const [first] = holders
  if (!first) return undefined
  const chosen = holders.every(({ name }) => isFoldName(name))
    ? first
    : holders.reduce((best, folder) => (folder.count > best.count ? folder : best))
  const others = level.folders.filter((folder) => folder !== chosen)
  const count = others.reduce((sum, folder) => sum + folder.count, 0)
  understanding.doubts.push({
    kind: holders.length > 1 ? 'SEVERAL_CANDIDATES' : 'IMAGES_OUTSIDE',
    message:
      holders.length > 1
        ? `${nameSome(holders.map(({ name }) => name))} each hold training and test folders: “${chosen.name}” was taken, and ${countImages(count)} of the others left out.`
        : `The splits lie in “${chosen.name}”; ${countImages(count)} in ${nameSome(others.map(({ name }) => name))} were left out.`,
    remedy: 'If another one was meant, pack that folder alone.',
  })
  for (const folder of others)
    leaveOut(understanding, picturesBelow(folder), `it lies outside of “${chosen.path}”, which was taken`)
  return chosen
}
