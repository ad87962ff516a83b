import { type Job, WaitingError } from 'bullmq'

/** The worker is shutting down: the job goes back to its queue at once, and does not count as tried. */
export async function returnToQueue(job: Job): Promise<never> {
  await job.moveToWait(job.token)
  throw new WaitingError()
}
