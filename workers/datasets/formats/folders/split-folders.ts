import type { Folder } from './folder-tree.ts'
import { isMaskName, splitsAmong, wordsOf } from './split-names.ts'

/** Does a training folder hold folders of images, other than `images` and `masks`? */
export function holdsClasses(folder: Folder): boolean {
  const { folders } = unwrapSplit(folder)
  return folders.length > 0 && !folders.every(({ name }) => isPlainName(name))
}

/** Says nothing of what is in it: `images`, `train`, `data`, `masks`. */
export function isPlainName(name: string): boolean {
  return (
    isMaskName(name) || /^(images?|imgs?|jpegimages|pictures?|photos?|data)$/.test(wordsOf(name).join(''))
  )
}

/** `train/train/…` and `train/images/…` are looked through to where the classes are. */
export function unwrapSplit(folder: Folder): Folder {
  const [only, second] = folder.folders
  if (!only || second || only.folders.length === 0) return folder
  const isWrapper = only.name === folder.name || isPlainName(only.name) || splitsAmong([only.name]).size > 0
  return isWrapper ? unwrapSplit(only) : folder
}

/** Are there splits with classes in one of its folders, or deeper? */
export function holdsSplitsBelow(folder: Folder): boolean {
  const named = splitsAmong(folder.folders.map(({ name }) => name))
  if (folder.folders.some((below) => named.get(below.name) === 'train' && holdsClasses(below))) return true
  return folder.folders.some(holdsSplitsBelow)
}
