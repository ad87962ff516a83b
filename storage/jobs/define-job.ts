import type { z } from 'zod'

/**
 * A job as its sender and its worker both know it. It carries ids only: the row is the truth, and the job says “look
 * here”. What a job does stands in workers/jobs/.
 */
export interface JobDefinition<Payload> {
  /** Also the name of its queue. */
  name: string
  payload: z.ZodType<Payload>
  /** How often it is tried in all. */
  attempts: number
  /** The pause before the second attempt; it doubles with every further one. None where it is left out. */
  backoffMs?: number
  /** Jobs with the same id are one: while it waits or is worked on, another is not enqueued. */
  idOf?(payload: Payload): string
}

/** Checks a definition and infers its payload's type. */
export function defineJob<Payload>(job: JobDefinition<Payload>): JobDefinition<Payload> {
  return job
}
