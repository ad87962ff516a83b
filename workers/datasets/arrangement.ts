export interface LabelledPath {
  path: string
  /** Index into the classes. */
  label: number
}

/** Which file is a picture of which class and split: what a format makes of the names of a dataset's files. */
export interface Arrangement {
  /** Sorted by code units. */
  classes: string[]
  train: LabelledPath[]
  test: LabelledPath[]
  /** Files that are no pictures. */
  ignored: { path: string; reason: string }[]
  /** Pictures that cannot be used where they lie or as they are. */
  leftOut: { path: string; reason: string }[]
  /** What a person should know of how the files were understood. */
  notes: string[]
}

/** @throws RefusedDataset where the names do not make a dataset of this format */
export type Arrange = (sortedPaths: readonly string[]) => Arrangement
