import type { Doubt } from '../../../contract/dataset-doubts.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { RawPicture } from '../pictures/raw-pictures.ts'

/** An image and where it is found. */
export interface Placed {
  /** Names the image in reports; of a raw one its file and number: `data_batch_1.bin#17`. */
  path: string
  /** Left out: the path is a file of its own, which is decoded. */
  raw?: RawPicture
}

export interface LabelledPath extends Placed {
  /** Index into the classes. */
  label: number
}

/** Who is on an image, and which camera took it. */
export interface Identified {
  /** From 1 as the names number them; 0 is a distractor. */
  identity: number
  camera: number
}

export interface IdentifiedPath extends Identified, Placed {}

interface CommonArrangement {
  /** Sorted by code units, or in the order of the labels where the files number them. */
  classes: string[]
  /** The coarse class of each class, where the files know one. */
  superclasses?: string[]
  train: LabelledPath[]
  /** Files that are not images of the dataset. */
  ignored: { path: string; reason: string }[]
  /** Images that cannot be used where they lie or as they are. */
  leftOut: { path: string; reason: string }[]
  /** What a person should know of how the files were understood. */
  notes: string[]
  /** What may have been meant otherwise. */
  doubts: Doubt[]
}

export interface ClassificationArrangement extends CommonArrangement {
  kind: 'CLASSIFICATION'
  /** To choose checkpoints by; never trained on or tested with. */
  validation?: LabelledPath[]
  test: LabelledPath[]
  unlabelled?: Placed[]
}

export interface RetrievalArrangement extends CommonArrangement {
  kind: 'RETRIEVAL'
  query: IdentifiedPath[]
  gallery: IdentifiedPath[]
}

/** Which file is an image of which class and split: what a format makes of the names of a dataset's files. */
export type Arrangement = ClassificationArrangement | RetrievalArrangement

/** The images of an arrangement by split, those to learn from first. */
export function splitsOf(arrangement: Arrangement): Record<string, readonly Placed[]> {
  const { train } = arrangement
  if (arrangement.kind === 'RETRIEVAL')
    return { train, query: arrangement.query, gallery: arrangement.gallery }
  const { validation, test, unlabelled } = arrangement
  return { train, ...(validation && { validation }), test, ...(unlabelled && { unlabelled }) }
}

/** The labelled images that a network is trained on, chosen by, and tested with. */
export function labelledSplitsOf({
  train,
  validation = [],
  test,
}: ClassificationArrangement): Record<LabelledSplit, LabelledPath[]> {
  return { train, validation, test }
}

export type LabelledSplit = 'train' | 'validation' | 'test'

/** The arrangement with those images alone that `isKept` says. */
export function keepPictures(arrangement: Arrangement, isKept: (picture: Placed) => boolean): Arrangement {
  const train = arrangement.train.filter(isKept)
  if (arrangement.kind === 'RETRIEVAL') {
    const { query, gallery } = arrangement
    return { ...arrangement, train, query: query.filter(isKept), gallery: gallery.filter(isKept) }
  }
  const { validation: validating, unlabelled: without, ...rest } = arrangement
  const [validation, unlabelled] = [validating?.filter(isKept), without?.filter(isKept)]
  return {
    ...rest,
    train,
    ...(validation?.length && { validation }),
    test: arrangement.test.filter(isKept),
    ...(unlabelled?.length && { unlabelled }),
  }
}

/** From the name of a class to its label, which is its place among them. */
export function numberClasses(classes: readonly string[]): (name: string) => number {
  const labels = new Map(classes.map((name, label) => [name, label]))
  return (name) => {
    const label = labels.get(name)
    if (label === undefined) throw new Error(`there is no class “${name}”`)
    return label
  }
}

export interface Format {
  /** Do the names, and the first bytes where names do not tell, look like this? The first of the index is taken. */
  recognizes(files: DatasetFiles): Promise<boolean>
  /** @throws InvalidDatasetError where the files do not make a dataset of this format */
  arrange(files: DatasetFiles): Promise<Arrangement>
}

export function pathsOf(files: DatasetFiles): string[] {
  return files.list.map(({ path }) => path)
}
