import { z } from 'zod'
import { defineJob } from './define-job.ts'

export const exportModelJob = defineJob({
  name: 'export-model',
  payload: z.strictObject({ exportId: z.string() }),
  attempts: 3,
  backoffMs: 1000,
  idOf: ({ exportId }) => exportId,
})
