import { z } from 'zod'
import { defineJob } from './define-job.ts'

export const inspectWeightsJob = defineJob({
  name: 'inspect-weights',
  payload: z.strictObject({ givenWeightsId: z.string() }),
  attempts: 2,
  // A file is refused for good, and a storage that is away for a moment is no reason to.
  backoffMs: 5000,
  idOf: ({ givenWeightsId }) => givenWeightsId,
})
