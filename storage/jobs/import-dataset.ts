import { z } from 'zod'
import { defineJob } from './define-job.ts'

export const importDatasetJob = defineJob({
  name: 'import-dataset',
  payload: z.strictObject({ datasetVersionId: z.string() }),
  attempts: 3,
  backoffMs: 1000,
  idOf: ({ datasetVersionId }) => datasetVersionId,
})
