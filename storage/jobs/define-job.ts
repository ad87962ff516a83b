import type { z } from 'zod'

/**
 * A job as shared by the process that enqueues it and the worker. Payloads carry ids only: the row is the
 * source of truth, and the job only points to it. Handlers are in workers/jobs/.
 */
export interface JobDefinition<Payload> {
  /** Also its queue's name. */
  name: string
  payload: z.ZodType<Payload>
  /** Total number of attempts. */
  attempts: number
  /** Delay before the second attempt, doubled for each further one. No delay if omitted. */
  backoffMs?: number
  /** Deduplication id: while a job with this id is waiting or active, another is not enqueued. */
  idOf?(payload: Payload): string
}

/** Checks a definition and infers its payload's type. */
export function defineJob<Payload>(job: JobDefinition<Payload>): JobDefinition<Payload> {
  return job
}
