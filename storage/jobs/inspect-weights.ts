import { z } from 'zod'
import { defineJob } from './define-job.ts'

export const inspectWeightsJob = defineJob({
  name: 'inspect-weights',
  payload: z.strictObject({ givenWeightsId: z.string() }),
  attempts: 2,
  idOf: ({ givenWeightsId }) => givenWeightsId,
})
