import { z } from 'zod'
import { defineJob } from './define-job.ts'

export const explainRunJob = defineJob({
  name: 'explain-run',
  payload: z.strictObject({ runId: z.string() }),
  attempts: 3,
  backoffMs: 1000,
  idOf: ({ runId }) => runId,
})
