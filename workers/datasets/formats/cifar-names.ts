import type { DatasetFiles } from '../archives/dataset-files.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { type ClassificationArrangement, pathsOf } from './arrangement.ts'
import { checkClassNames, listNumbered, type NumberedFile } from './numbered-classes.ts'

export const CIFAR_SIDE = 32
export const CIFAR_PICTURE_BYTES = CIFAR_SIDE * CIFAR_SIDE * 3

/** CIFAR-10 has one label an image, CIFAR-100 a coarse and a fine one. */
export interface CifarFile extends NumberedFile {
  split: 'train' | 'test'
  coarse?: ArrayLike<number> | undefined
}

export interface CifarNames {
  classes: string[]
  /** Of CIFAR-100. */
  coarse: string[]
}

/** Which of the variants has its training and test batches among the files; undefined for none. */
export function findVariant<Variant extends { train: RegExp; test: RegExp }>(
  files: DatasetFiles,
  variants: readonly Variant[],
): Variant | undefined {
  const paths = pathsOf(files)
  return variants.find(
    ({ train, test }) => paths.some((path) => train.test(path)) && paths.some((path) => test.test(path)),
  )
}

/** What both forms of CIFAR come to: the same images in the same order. */
export function arrangeCifar(
  files: readonly CifarFile[],
  { classes, coarse }: CifarNames,
  ignored: ClassificationArrangement['ignored'],
): ClassificationArrangement {
  const split = (wanted: CifarFile['split']) => listNumbered(files.filter((file) => file.split === wanted))
  const superclasses = coarse.length > 0 ? superclassesOf(files, classes, coarse) : undefined
  const test = split('test')
  if (test.length === 0)
    throw new InvalidDatasetError('The test batch of CIFAR is missing; pack it with the others.')
  const title = superclasses ? 'CIFAR-100' : 'CIFAR-10'
  return {
    kind: 'CLASSIFICATION',
    classes,
    ...(superclasses ? { superclasses } : {}),
    train: split('train'),
    test,
    ignored,
    leftOut: [],
    doubts: [],
    notes: [
      `Read as ${title}: ${classes.length} classes${superclasses ? ` in ${coarse.length} coarse ones` : ''}.`,
    ],
  }
}

/** @throws InvalidDatasetError where images of one fine class have several coarse ones */
function superclassesOf(
  files: readonly CifarFile[],
  classes: readonly string[],
  coarse: readonly string[],
): string[] {
  const found = new Array<number | undefined>(classes.length)
  for (const { path, labels, coarse: coarseLabels } of files) {
    for (const [i, label] of Array.from(labels).entries()) {
      const above = coarseLabels?.[i]
      if (above === undefined || above >= coarse.length || (found[label] ?? above) !== above)
        throw new InvalidDatasetError(
          `Image ${i} of “${path}” has a coarse label that does not fit its class “${classes[label]}”. The file is damaged.`,
        )
      found[label] = above
    }
  }
  return classes.map((_, label) => coarse[found[label] ?? -1] ?? '')
}

/** Class names out of a text file, one a line. */
export function namesOfLines(bytes: Buffer, count: number, path: string): string[] {
  const lines = bytes
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
  return checkClassNames(
    lines.filter((line) => line !== ''),
    count,
    path,
  )
}
