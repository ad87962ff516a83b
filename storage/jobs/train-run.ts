import { z } from 'zod'
import type { DeviceKind } from '../../contract/devices.ts'
import { defineJob } from './define-job.ts'

/** Says only that a run is queued; the worker claims whichever is next, so surplus jobs are harmless. */
const trainRun = (name: string) =>
  defineJob({ name, payload: z.strictObject({}), attempts: 3, backoffMs: 1000 })

/** One queue for runs that any worker may take, and one per device kind that runs can request. */
export const trainRunJobs = {
  ANY: trainRun('train-run'),
  CPU: trainRun('train-run-cpu'),
  GPU: trainRun('train-run-gpu'),
}

/** The job for runs that request a device kind; null means any. */
export function trainRunOn(device: DeviceKind | null) {
  return trainRunJobs[device ?? 'ANY']
}
