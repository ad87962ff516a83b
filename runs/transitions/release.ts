/** How a worker releases a run that has not succeeded: back to the queue, paused, or failed. */
import type { FailureCode } from '../../contract/runs/run-events.ts'
import type { HeldStatus } from '../../contract/runs/run-states.ts'
import { Prisma, type Transaction } from '../../prisma/client.ts'
import { recordRunEvent } from '../events.ts'
import { HELD, LEASE_SECONDS } from '../lease.ts'
import { type LockedRun, lockRuns } from '../locked-run.ts'
import { endAttempt } from './attempts.ts'
import { fail } from './end.ts'
import type { Failure } from './failure.ts'
import { enterPaused } from './pause.ts'
import { requeue } from './queue.ts'

type HeldRun = LockedRun<HeldStatus>

/** How many attempts in a row may be lost without a checkpoint in between. */
const MAX_ATTEMPTS_WITHOUT_PROGRESS = 3
const FIRST_BACKOFF_SECONDS = 5
const FIRST_DISK_RETRY_SECONDS = 30
const MAX_DISK_RETRY_SECONDS = 300

/** Failures that another attempt may not hit. Any other would only happen again. */
const TRANSIENT: readonly FailureCode[] = ['WORKER_LOST', 'INTERNAL']

const LOST: Failure = {
  code: 'WORKER_LOST',
  message: `The worker training this run sent no heartbeat for ${LEASE_SECONDS} seconds. Another worker will continue from the latest checkpoint.`,
}

/**
 * Training has saved and stopped as requested: the run pauses if a user asked for that, and is requeued
 * otherwise.
 */
export async function releaseStopped(tx: Transaction, run: HeldRun): Promise<void> {
  const pauseRequested = run.status === 'PAUSING'
  await endAttempt(tx, run, pauseRequested ? 'PAUSED' : 'RETURNED')
  if (pauseRequested) await enterPaused(tx, run, run.pauseReason ?? 'ASKED')
  else await requeue(tx, run)
}

/**
 * The attempt failed: a full disk pauses the run, a transient failure requeues it, and any other fails it.
 */
export async function releaseFailed(tx: Transaction, run: HeldRun, failure: Failure): Promise<void> {
  if (failure.code === 'DISK_FULL') return pauseForDiskSpace(tx, run, failure)
  if (!TRANSIENT.includes(failure.code)) return fail(tx, run, failure)
  if (run.status !== 'PAUSING' && run.attemptsWithoutProgress + 1 >= MAX_ATTEMPTS_WITHOUT_PROGRESS) {
    const message = `${failure.message} ${MAX_ATTEMPTS_WITHOUT_PROGRESS} attempts in a row made no progress.`
    return fail(tx, run, { ...failure, message })
  }
  await endAttempt(tx, run, 'LOST', failure)
  await warn(tx, run, failure)
  if (run.status === 'PAUSING') return enterPaused(tx, run, run.pauseReason ?? 'ASKED')
  const backoffSeconds = FIRST_BACKOFF_SECONDS * 3 ** run.attemptsWithoutProgress
  const incrementLost = Prisma.sql`, "attemptsWithoutProgress" = "attemptsWithoutProgress" + 1`
  return requeue(tx, run, backoffSeconds, incrementLost)
}

/**
 * Takes runs from workers whose lease has expired. Incrementing the fence stops a late worker from writing.
 */
export async function releaseLost(tx: Transaction, limit: number): Promise<HeldRun[]> {
  const isLost = Prisma.sql`status IN ${HELD} AND "leaseUntil" < now()`
  const lost = await lockRuns<HeldStatus>(tx, isLost, { skipLocked: true, limit })
  for (const run of lost) {
    await tx.$executeRaw`UPDATE "Run" SET fence = fence + 1 WHERE id = ${run.id}`
    await releaseFailed(tx, run, LOST)
  }
  return lost
}

async function pauseForDiskSpace(tx: Transaction, run: HeldRun, failure: Failure): Promise<void> {
  await endAttempt(tx, run, 'PAUSED', failure)
  await warn(tx, run, failure)
  await enterPaused(tx, run, 'DISK_FULL', await diskRetrySeconds(tx, run))
}

/** Exponential backoff over consecutive attempts that found the disk full. */
async function diskRetrySeconds(tx: Transaction, { id }: HeldRun): Promise<number> {
  const newest = await tx.runAttempt.findMany({ where: { runId: id }, orderBy: { number: 'desc' }, take: 5 })
  const firstOther = newest.findIndex(({ failureCode }) => failureCode !== 'DISK_FULL')
  const diskFullCount = firstOther < 0 ? newest.length : firstOther
  return Math.min(MAX_DISK_RETRY_SECONDS, FIRST_DISK_RETRY_SECONDS * 2 ** Math.max(0, diskFullCount - 1))
}

async function warn(tx: Transaction, { id }: HeldRun, { message }: Failure): Promise<void> {
  await recordRunEvent(tx, id, null, { kind: 'LOG', level: 'WARN', source: 'WORKER', message })
}
