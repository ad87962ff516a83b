export interface LabelledPath {
  path: string
  /** Index into the classes. */
  label: number
}

/** Who is on a picture, and which camera took it. */
export interface Identified {
  /** From 1 as the names number them; 0 is a distractor. */
  identity: number
  camera: number
}

export interface IdentifiedPath extends Identified {
  path: string
}

interface CommonArrangement {
  /** Sorted by code units. */
  classes: string[]
  train: LabelledPath[]
  /** Files that are no pictures of the dataset. */
  ignored: { path: string; reason: string }[]
  /** Pictures that cannot be used where they lie or as they are. */
  leftOut: { path: string; reason: string }[]
  /** What a person should know of how the files were understood. */
  notes: string[]
}

export interface ClassificationArrangement extends CommonArrangement {
  kind: 'CLASSIFICATION'
  test: LabelledPath[]
}

export interface RetrievalArrangement extends CommonArrangement {
  kind: 'RETRIEVAL'
  query: IdentifiedPath[]
  gallery: IdentifiedPath[]
}

/** Which file is a picture of which class and split: what a format makes of the names of a dataset's files. */
export type Arrangement = ClassificationArrangement | RetrievalArrangement

export interface Format {
  /** Do the names look like this format's? The first of the index that says so is taken. */
  recognizes(sortedPaths: readonly string[]): boolean
  /** @throws RefusedDataset where the names do not make a dataset of this format */
  arrange(sortedPaths: readonly string[]): Arrangement
}
