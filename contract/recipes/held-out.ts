import type { PackedDataset } from '../packed/manifest.ts'

/** How many of the training images a recipe's `validationShare` sets aside. */
export function countHeldOut(share: number, trainCount: number): number {
  return share === 0 ? 0 : Math.max(1, Math.round(share * trainCount))
}

/** Whether a dataset has validation images of its own, so that none of the training images are set aside. */
export function hasValidation(dataset: PackedDataset): boolean {
  return dataset.kind === 'CLASSIFICATION' && (dataset.splits.validation?.count ?? 0) > 0
}

/** How many images without labels a dataset has. */
export function countUnlabelled(dataset: PackedDataset): number {
  return dataset.kind === 'CLASSIFICATION' ? (dataset.splits.unlabelled?.count ?? 0) : 0
}

/** How many of a dataset's training images a run with this `validationShare` learns from. */
export function countLearned(dataset: PackedDataset, share: number): number {
  const { count } = dataset.splits.train
  return hasValidation(dataset) ? count : count - countHeldOut(share, count)
}
