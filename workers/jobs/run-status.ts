import type { FailureCode } from '../../contract/run-events.ts'
import type { TRAINING_PHASES } from '../../contract/training.ts'
import type { Database } from '../../prisma/client.ts'
import { recordRunEvent } from '../../prisma/run-events.ts'
import { type Lease, writeUnderLease } from './run-lease.ts'

type Phase = (typeof TRAINING_PHASES)[number]

/** A failure that a person can act on. */
export class RunFailure extends Error {
  readonly code: FailureCode

  constructor(code: FailureCode, message: string) {
    super(message)
    this.code = code
  }
}

/** The training has come to a phase; from CAPTURING on the run is RUNNING. */
export async function enterPhase(database: Database, lease: Lease, phase: Phase): Promise<void> {
  await writeUnderLease(database, lease, async (tx, run) => {
    const status = run.status === 'STARTING' && phase !== 'LOADING' ? 'RUNNING' : run.status
    await tx.run.update({ where: { id: lease.runId }, data: { status, phase } })
    const { attempt } = run
    await recordRunEvent(tx, lease.runId, lease.fence, {
      kind: 'STATUS',
      status,
      phase,
      attempt,
      failure: null,
    })
  })
}

/** Ends the run FAILED, with words. */
export async function failRun(database: Database, lease: Lease, failure: RunFailure): Promise<void> {
  const { code, message } = failure
  await writeUnderLease(database, lease, async (tx, { attempt }) => {
    await tx.$executeRaw`
      UPDATE "Run" SET status = 'FAILED', phase = NULL, "leaseUntil" = NULL, "finishedAt" = timezone('UTC', now()),
        "failureCode" = ${code}, "failureMessage" = ${message}
      WHERE id = ${lease.runId}`
    await recordRunEvent(tx, lease.runId, lease.fence, {
      kind: 'STATUS',
      status: 'FAILED',
      phase: null,
      attempt,
      failure: { code, message },
    })
  })
}

/** Gives the run back, for another worker to begin anew: nothing was wrong with it. */
export async function requeueRun(database: Database, lease: Lease): Promise<void> {
  const { runId, fence } = lease
  await writeUnderLease(database, lease, async (tx, run) => {
    const attempt = run.attempt + 1
    // The next attempt measures the same steps again.
    await tx.metricPoint.deleteMany({ where: { runId } })
    await tx.run.update({
      where: { id: runId },
      data: {
        status: 'QUEUED',
        phase: null,
        attempt,
        leaseUntil: null,
        workerName: null,
        step: 0,
        epoch: 0,
        imagesPerSecond: null,
      },
    })
    await recordRunEvent(tx, runId, fence, {
      kind: 'LOG',
      level: 'WARN',
      message: 'The worker was shut down. The run waits for another and begins from its first step.',
    })
    await recordRunEvent(tx, runId, fence, {
      kind: 'STATUS',
      status: 'QUEUED',
      phase: null,
      attempt,
      failure: null,
    })
  })
}
