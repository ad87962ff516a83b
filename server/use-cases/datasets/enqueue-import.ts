import { importDatasetJob } from '../../../storage/jobs/import-dataset.ts'
import type { Services } from '../../services.ts'

/**
 * Tells the workers of a new version. Where the queue is away the version stays PENDING, and the workers'
 * reconciler, which looks at the rows, enqueues it later: nothing that was accepted is lost.
 */
export async function enqueueImport({ queues, log }: Services, datasetVersionId: string): Promise<void> {
  try {
    await queues.enqueue(importDatasetJob, { datasetVersionId })
  } catch (error) {
    log.warn({ err: error, datasetVersionId }, 'the import was not enqueued; the reconciler will')
  }
}
