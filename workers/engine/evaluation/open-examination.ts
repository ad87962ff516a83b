import type { TrainingEvent, TrainingOrder } from '../../../contract/training.ts'
import type { PackedSplit, RemoteShards } from '../batches/packed-split.ts'
import { reportsClassHits } from './class-hits.ts'
import type { Examination } from './examination.ts'
import { openClassExamination } from './examine-classes.ts'
import { openRetrievalExamination } from './examine-retrieval.ts'

/**
 * @param learned  how many images of `train` the students learn from
 * @throws if the dataset has no images to evaluate on
 */
export function openExamination(
  order: TrainingOrder,
  { train, learned }: { train: PackedSplit; learned: number },
  remote: RemoteShards | undefined,
  onEvent: (event: TrainingEvent) => void,
): Examination {
  const { dataset, blobPaths, outputFolder } = order
  const files = { blobPaths, remote, outputFolder }
  return dataset.kind === 'CLASSIFICATION'
    ? openClassExamination({ dataset, ...files }, train, {
        onEvent,
        reportsHits: reportsClassHits(order, learned),
      })
    : openRetrievalExamination({ dataset, ...files })
}
