import { z } from 'zod'
import type { DeviceKind } from '../../contract/devices.ts'
import { defineJob } from './define-job.ts'

/** Says only that a run waits: the worker takes the one whose turn it is, so too many do no harm. */
const trainRun = (name: string) =>
  defineJob({ name, payload: z.strictObject({}), attempts: 3, backoffMs: 1000 })

/** A queue for runs that any worker may take, and one for each kind of device that runs ask for. */
export const trainRunJobs = {
  ANY: trainRun('train-run'),
  CPU: trainRun('train-run-cpu'),
  GPU: trainRun('train-run-gpu'),
}

/** The job of runs that ask for a kind of device; null for those that ask for none. */
export function trainRunOn(device: DeviceKind | null) {
  return trainRunJobs[device ?? 'ANY']
}
