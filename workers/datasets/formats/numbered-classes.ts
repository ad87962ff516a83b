/** Arrangements of files that number their classes, as CIFAR and MNIST do. */

import type { DatasetFiles } from '../archives/dataset-files.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import type { RawPictures } from '../pictures/raw-pictures.ts'
import type { ClassificationArrangement, LabelledPath } from './arrangement.ts'

export interface NumberedFile {
  path: string
  /** One an image, from 0. */
  labels: ArrayLike<number>
  pictures: RawPictures
}

/** What the files say, image by image, in the order of the files. */
export function listNumbered(files: readonly NumberedFile[]): LabelledPath[] {
  return files.flatMap(({ path, labels, pictures }) =>
    Array.from(labels, (label, index) => ({ path: `${path}#${index}`, label, raw: { pictures, index } })),
  )
}

/** The files that were not read, for the report. */
export function ignoreOthers(
  files: DatasetFiles,
  read: ReadonlySet<string>,
): ClassificationArrangement['ignored'] {
  return files.list
    .filter(({ path }) => !read.has(path))
    .map(({ path }) => ({ path, reason: 'it is no part of the dataset’s form' }))
}

/** Names for classes that have none: their numbers, all as long as the longest. */
export function numberNames(count: number): string[] {
  const digits = String(count - 1).length
  return Array.from({ length: count }, (_, label) => String(label).padStart(digits, '0'))
}

/** @throws InvalidDatasetError where the names are not one for each class, each of its own */
export function checkClassNames(names: readonly string[], count: number, path: string): string[] {
  if (names.length !== count || new Set(names).size !== count || names.some((name) => name === ''))
    throw new InvalidDatasetError(`“${path}” does not name ${count} classes, each by a name of its own.`)
  return [...names]
}

/** @throws InvalidDatasetError where a label is no class */
export function checkLabels(labels: ArrayLike<number>, classes: number, path: string): void {
  for (const [i, label] of Array.from(labels).entries()) {
    if (!Number.isInteger(label) || label < 0 || label >= classes)
      throw new InvalidDatasetError(
        `Image ${i} of “${path}” has the label ${label}; labels are 0 to ${classes - 1}. The file is damaged, or of another form.`,
      )
  }
}
