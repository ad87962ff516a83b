import type { TrainingOrder } from '../../../contract/training.ts'
import type { PackedSplit } from '../batches/packed-split.ts'
import type { Examination } from './examination.ts'
import { openClassExamination } from './examine-classes.ts'
import { openRetrievalExamination } from './examine-retrieval.ts'

/** @throws Error where there is nothing to test with */
export function openExamination(order: TrainingOrder, train: PackedSplit): Examination {
  const { dataset, blobPaths, outputFolder } = order
  return dataset.kind === 'CLASSIFICATION'
    ? openClassExamination({ dataset, blobPaths, outputFolder }, train)
    : openRetrievalExamination({ dataset, blobPaths, outputFolder })
}
