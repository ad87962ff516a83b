import { otherMediumOf } from './other-media.ts'

/** What people pack in place of images, by its ending. */
const WRAPPED: [ending: RegExp, words: string][] = [
  [/\.npz$/i, 'a NumPy archive inside the archive: upload it by itself, or unpack it and pack its arrays'],
  [
    /\.(zip|7z|rar|tar|tgz|tar\.gz|tar\.xz|tar\.bz2)$/i,
    'an archive inside the archive: unpack it, and pack the folders of images themselves',
  ],
  [
    /\.(parquet|arrow|tfrecords?|h5|hdf5|mat|npy|pkl|pickle|lmdb|mdb)$/i,
    'which is not read as it is: save its images as files, in a folder for each class',
  ],
]

/** What is there in place of images, and what to do with it. */
export function whyNoImage(paths: readonly string[]): string {
  for (const [ending, words] of WRAPPED) {
    const path = paths.find((path) => ending.test(path))
    if (path) return `There is no image in it, but “${path}”, ${words}.`
  }
  const medium = paths.find((path) => otherMediumOf(path) !== undefined)
  if (medium !== undefined) {
    const { words, remedy } = otherMediumOf(medium) ?? {}
    return `There is no image in it that is read. “${medium}” is ${words}: ${remedy}, in a folder for each class.`
  }
  return 'There is no image in it: JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF files are read, in a folder for each class.'
}
