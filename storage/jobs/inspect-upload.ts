import { z } from 'zod'
import { defineJob } from './define-job.ts'

export const inspectUploadJob = defineJob({
  name: 'inspect-upload',
  payload: z.strictObject({ uploadId: z.string() }),
  attempts: 2,
  idOf: ({ uploadId }) => uploadId,
})
