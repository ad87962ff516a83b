import { z } from 'zod'
import { ThreadsPerOperation } from '../../contract/training.ts'
import { Arm, ExperimentRecord } from '../record.ts'
import { ExperimentFile } from './experiment-file.ts'

/** An experiment as the service keeps it: what was asked for, and what every name in it stood for on that day. */
export const StoredPlan = z.strictObject({
  file: ExperimentFile,
  conditions: ExperimentRecord.shape.conditions,
  arms: z.array(Arm),
  threadsPerOperation: ThreadsPerOperation,
})
export type StoredPlan = z.infer<typeof StoredPlan>
