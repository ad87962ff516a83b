import type { TrainingOrder } from '../../../contract/training.ts'
import type { PackedSplit, RemoteShards } from '../batches/packed-split.ts'
import type { Examination } from './examination.ts'
import { openClassExamination } from './examine-classes.ts'
import { openRetrievalExamination } from './examine-retrieval.ts'

/** @throws if the dataset has no images to evaluate on */
export function openExamination(
  order: TrainingOrder,
  train: PackedSplit,
  remote: RemoteShards | undefined,
): Examination {
  const { dataset, blobPaths, outputFolder } = order
  const files = { blobPaths, remote, outputFolder }
  return dataset.kind === 'CLASSIFICATION'
    ? openClassExamination({ dataset, ...files }, train)
    : openRetrievalExamination({ dataset, ...files })
}
