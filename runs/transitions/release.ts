/** How a worker lets go of a run before it is done: to the queue, paused, or for good. */
import type { FailureCode } from '../../contract/run-events.ts'
import type { HeldStatus } from '../../contract/run-states.ts'
import { Prisma, type Transaction } from '../../prisma/client.ts'
import { recordRunEvent } from '../events.ts'
import { HELD, LEASE_SECONDS } from '../lease.ts'
import { type LockedRun, lockRuns } from '../locked-run.ts'
import { endAttempt } from './attempts.ts'
import { fail } from './end.ts'
import type { Failure } from './enter-status.ts'
import { enterPaused } from './pause.ts'
import { requeue } from './queue.ts'

type HeldRun = LockedRun<HeldStatus>

/** So many attempts may be lost in a row without a checkpoint between them. */
const MAX_ATTEMPTS_WITHOUT_PROGRESS = 3
const FIRST_BACKOFF_SECONDS = 5
const FIRST_ROOM_CHECK_SECONDS = 30
const MAX_ROOM_CHECK_SECONDS = 300

/** What another attempt may well get past. Every other failure would come again. */
const TRANSIENT: readonly FailureCode[] = ['WORKER_LOST', 'INTERNAL']

const LOST: Failure = {
  code: 'WORKER_LOST',
  message: `The worker that trained this run gave no sign of life for ${LEASE_SECONDS} seconds. Another goes on from the newest checkpoint.`,
}

/** The training has saved and stopped, as asked: the run pauses where a person wants that, and else waits for a worker. */
export async function releaseStopped(tx: Transaction, run: HeldRun): Promise<void> {
  const isToPause = run.status === 'PAUSING'
  await endAttempt(tx, run, isToPause ? 'PAUSED' : 'RETURNED')
  if (isToPause) await enterPaused(tx, run, 'ASKED')
  else await requeue(tx, run)
}

/** The attempt has failed: the run is tried again where that may help, pauses where a disk is full, and fails otherwise. */
export async function releaseFailed(tx: Transaction, run: HeldRun, failure: Failure): Promise<void> {
  if (failure.code === 'DISK_FULL') return pauseForRoom(tx, run, failure)
  if (!TRANSIENT.includes(failure.code)) return fail(tx, run, failure)
  if (run.status !== 'PAUSING' && run.attemptsWithoutProgress + 1 >= MAX_ATTEMPTS_WITHOUT_PROGRESS) {
    const message = `${failure.message} ${MAX_ATTEMPTS_WITHOUT_PROGRESS} attempts in a row came no further.`
    return fail(tx, run, { ...failure, message })
  }
  await endAttempt(tx, run, 'LOST', failure)
  await warn(tx, run, failure)
  if (run.status === 'PAUSING') return enterPaused(tx, run, 'ASKED')
  const backoffSeconds = FIRST_BACKOFF_SECONDS * 3 ** run.attemptsWithoutProgress
  const counted = Prisma.sql`, "attemptsWithoutProgress" = "attemptsWithoutProgress" + 1`
  return requeue(tx, run, backoffSeconds, counted)
}

/** Takes runs from workers whose lease has run out. The greater fence keeps one that wakes up from writing. */
export async function releaseLost(tx: Transaction, limit: number): Promise<HeldRun[]> {
  const isLost = Prisma.sql`status IN ${HELD} AND "leaseUntil" < now()`
  const lost = await lockRuns<HeldStatus>(tx, isLost, { skipLocked: true, limit })
  for (const run of lost) {
    await tx.$executeRaw`UPDATE "Run" SET fence = fence + 1 WHERE id = ${run.id}`
    await releaseFailed(tx, run, LOST)
  }
  return lost
}

async function pauseForRoom(tx: Transaction, run: HeldRun, failure: Failure): Promise<void> {
  await endAttempt(tx, run, 'PAUSED', failure)
  await warn(tx, run, failure)
  await enterPaused(tx, run, 'DISK_FULL', await secondsUntilRoomIsTried(tx, run))
}

/** The more attempts in a row have found no room, the longer until the next. */
async function secondsUntilRoomIsTried(tx: Transaction, { id }: HeldRun): Promise<number> {
  const newest = await tx.runAttempt.findMany({ where: { runId: id }, orderBy: { number: 'desc' }, take: 5 })
  const inVain = newest.findIndex(({ failureCode }) => failureCode !== 'DISK_FULL')
  const times = inVain < 0 ? newest.length : inVain
  return Math.min(MAX_ROOM_CHECK_SECONDS, FIRST_ROOM_CHECK_SECONDS * 2 ** Math.max(0, times - 1))
}

async function warn(tx: Transaction, { id }: HeldRun, { message }: Failure): Promise<void> {
  await recordRunEvent(tx, id, null, { kind: 'LOG', level: 'WARN', source: 'WORKER', message })
}
