import { type Job, WaitingError } from 'bullmq'

/** For a worker that is shutting down: returns the job to its queue at once, without counting an attempt. */
export async function returnToQueue(job: Job): Promise<never> {
  await job.moveToWait(job.token)
  throw new WaitingError()
}
