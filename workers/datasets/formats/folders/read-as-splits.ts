import { type Folder, picturesBelow } from './folder-tree.ts'
import { checkClassFolders } from './read-as-classes.ts'
import { holdsClasses, isPlainName, unwrapSplit } from './split-folders.ts'
import { type SplitRole, splitNamedIn } from './split-names.ts'
import {
  addClasses,
  type ClassedSplit,
  countImages,
  keepUnlabelled,
  leaveOut,
  nameSome,
  type Understanding,
} from './understanding.ts'

/** Images beside splits that are too few to speak of. */
const STRAY_SHARE = 0.05

/** Reads the splits that a folder holds; what else lies in it is left out. */
export function readAsSplits(
  understanding: Understanding,
  level: Folder,
  splits: ReadonlyMap<Folder, SplitRole>,
): void {
  const foldersOf = (wanted: SplitRole) =>
    [...splits].filter(([, role]) => role === wanted).map(([folder]) => folder)
  const training = foldersOf('train')
  const classed = training.filter(holdsClasses).map(unwrapSplit)
  keepFlat(
    understanding,
    'train',
    training.filter((folder) => !holdsClasses(folder)),
  )
  for (const folder of choose(understanding, 'train', classed)) {
    checkClassFolders(understanding, folder.folders)
    addClasses(understanding, 'train', folder)
  }
  const classes = new Set(understanding.splits.train.map(({ className }) => className))
  for (const split of ['val', 'test'] as const) {
    const [flat, labelled] = parted(foldersOf(split).map(unwrapSplit), (folder) => isFlat(folder, classes))
    keepFlat(understanding, split, flat)
    for (const folder of choose(understanding, split, labelled)) addClasses(understanding, split, folder)
  }
  keepUnlabelled(understanding, foldersOf('unlabelled'))
  leaveOutRest(understanding, level, [
    ...level.folders.filter((folder) => !splits.has(folder)),
    ...foldersOf('query'),
  ])
}

/** A split whose images lie in no class’s folder, or all in one that is called `images` or as the split is. */
function isFlat({ folders }: Folder, classes: ReadonlySet<string>): boolean {
  const [only, second] = folders
  if (!only) return true
  return (
    !second && !classes.has(only.name) && (isPlainName(only.name) || splitNamedIn(only.name) !== undefined)
  )
}

/** Of several folders for one split the one that is called after it, else all of them. */
function choose(understanding: Understanding, split: ClassedSplit, folders: readonly Folder[]): Folder[] {
  if (folders.length < 2) return [...folders]
  const plain = folders.find(({ name }) => name.toLowerCase() === split)
  const names = folders.map(({ path }) => path.slice(0, -1))
  understanding.doubts.push({
    kind: 'SEVERAL_CANDIDATES',
    message: `${nameSome(names)} are all named as ${NAMES[split]}: ${plain ? `“${plain.path.slice(0, -1)}” was taken, the images of the others left out` : 'they were put together'}.`,
    remedy: 'Leave in the archive only what belongs to the split.',
  })
  if (!plain) return [...folders]
  for (const folder of folders)
    if (folder !== plain)
      leaveOut(understanding, picturesBelow(folder), `“${plain.path}” was taken in its place`)
  return [plain]
}

const NAMES: Record<ClassedSplit, string> = {
  train: 'training images',
  val: 'validation images',
  test: 'test images',
}

function keepFlat(understanding: Understanding, split: ClassedSplit, folders: readonly Folder[]): void {
  for (const folder of folders)
    understanding.flat.push({ split, folder: folder.path.slice(0, -1), pictures: picturesBelow(folder) })
}

function leaveOutRest(understanding: Understanding, level: Folder, others: readonly Folder[]): void {
  const reason = 'it lies outside the training and the test folder'
  leaveOut(understanding, level.pictures, reason)
  for (const folder of others) leaveOut(understanding, picturesBelow(folder), reason)
  const count = others.reduce((sum, folder) => sum + folder.count, 0)
  if (count <= level.count * STRAY_SHARE) return
  understanding.doubts.push({
    kind: 'IMAGES_OUTSIDE',
    message: `${countImages(count)} in ${nameSome(others.map(({ path }) => path.slice(0, -1)))} lie outside the training and the test folder and were left out.`,
    remedy: 'Move them into a class’s folder of a split, or take them out of the archive.',
  })
}

function parted<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}
