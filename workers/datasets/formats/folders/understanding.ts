import type { Doubt } from '../../../../contract/dataset-doubts.ts'
import { type Folder, picturesBelow } from './folder-tree.ts'
import { isMaskName, isPictureName } from './split-names.ts'

export interface ClassedPath {
  path: string
  className: string
}

export type ClassedSplit = 'train' | 'val' | 'test'

/** What the folders of images say, and what is not sure of it. */
export interface Understanding {
  /** Without `val` and `test` where the folders know none. */
  splits: { train: ClassedPath[]; val?: ClassedPath[]; test?: ClassedPath[] }
  /** The folders, each with a slash at its end, whose folders are the classes. */
  classFolders: string[]
  /** Splits whose images lie in no class’s folder: a list may say their labels. */
  flat: { split: ClassedSplit; folder: string; pictures: string[] }[]
  /** Images that are there without labels, and may be learned from without them. */
  unlabelled: string[]
  leftOut: { path: string; reason: string }[]
  notes: string[]
  doubts: Doubt[]
}

export function emptyUnderstanding(): Understanding {
  const nothing = { classFolders: [], flat: [], unlabelled: [], leftOut: [], notes: [], doubts: [] }
  return { splits: { train: [] }, ...nothing }
}

export function leaveOut(understanding: Understanding, pictures: readonly string[], reason: string): void {
  for (const path of pictures) understanding.leftOut.push({ path, reason })
}

/** Keeps all images of folders that say by their names that these have no labels. */
export function keepUnlabelled(understanding: Understanding, folders: readonly Folder[]): void {
  const pictures = folders.flatMap(picturesBelow)
  if (pictures.length === 0) return
  understanding.unlabelled.push(...pictures)
  understanding.notes.push(
    `${nameSome(folders.map(({ path }) => path.slice(0, -1)))} ${folders.length === 1 ? 'was' : 'were'} taken as ${countImages(pictures.length)} without labels.`,
  )
}

/** Reads a folder's folders as classes, whatever lies how deep in each. */
export function addClasses(understanding: Understanding, split: ClassedSplit, folder: Folder): void {
  leaveOut(understanding, folder.pictures, 'it lies in no class’s folder')
  understanding.classFolders.push(folder.path)
  for (const below of folder.folders) addClass(understanding, split, below.name, below)
}

/** Masks beside the images of a class (`cat/images`, `cat/masks`; `1.png`, `1_mask.png`) are left out. */
export function addClass(
  understanding: Understanding,
  split: ClassedSplit,
  name: string,
  folder: Folder,
): void {
  const classed = understanding.splits[split] ?? []
  understanding.splits[split] = classed
  const masks = new Set(masksIn(folder))
  leaveOut(understanding, [...masks], MASK_REASON)
  for (const path of picturesBelow(folder)) if (!masks.has(path)) classed.push({ path, className: name })
}

export const MASK_REASON = 'it looks like a mask of another image'
const MASK_SUFFIX = /[-_ ](mask|masks|seg|segmentation|gt|groundtruth)([-_ ]?\d+)?(?=\.\w+$)/i

function masksIn(folder: Folder): string[] {
  const { folders, pictures } = folder
  const isBeside = pictures.length > 0 || folders.some(({ name }) => isPictureName(name))
  const below = folders.flatMap((inner) => {
    if (isMaskName(inner.name)) return isBeside ? picturesBelow(inner) : []
    return masksIn(inner)
  })
  const named = pictures.filter((path) => MASK_SUFFIX.test(path))
  if (named.length === 0) return below
  const stems = new Set(pictures.map(stemOf))
  return [...below, ...named.filter((path) => stems.has(stemOf(path.replace(MASK_SUFFIX, ''))))]
}

function stemOf(path: string): string {
  return path.replace(/\.\w+$/, '')
}

/** “a”, “b” and “c”, or the first of many. */
export function nameSome(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).map((name) => `“${name}”`)
  if (names.length > most) return `${shown.join(', ')} and ${names.length - most} more`
  const last = shown.pop()
  return shown.length > 0 ? `${shown.join(', ')} and ${last}` : (last ?? '')
}

export function countImages(count: number): string {
  return `${count.toLocaleString('en')} image${count === 1 ? '' : 's'}`
}
