/** How a run leaves its worker before it is done: to the queue, to rest, or for good. */
import type { PauseReason, Transaction } from '../../prisma/client.ts'
import { endAttempt, queueAgain } from '../../runs/attempts.ts'
import { recordRunEvent } from '../../runs/events.ts'
import type { HeldRun } from '../../runs/lease.ts'
import { isTransient, RunFailure } from './run-failure.ts'

/** So many attempts may be lost in a row without a checkpoint between them. */
const MOST_SETBACKS = 3
const FIRST_BACKOFF_SECONDS = 5
const FIRST_ROOM_CHECK_SECONDS = 30
const LONGEST_WAIT_SECONDS = 300

/** A stop that was asked for: the run pauses where a person asked it to, and waits for another worker otherwise. */
export async function leaveStopped(tx: Transaction, run: HeldRun): Promise<void> {
  if (run.status === 'PAUSING') return rest(tx, run, 'ASKED', null)
  await endAttempt(tx, run.id, 'RETURNED')
  const attempt = await queueAgain(tx, run.id)
  await tellStatus(tx, run.id, 'QUEUED', attempt)
}

/** After a failure: tried again where that may help, at rest where room is missing, FAILED otherwise. */
export async function leaveFailed(tx: Transaction, run: HeldRun, failure: RunFailure): Promise<void> {
  if (failure.code === 'DISK_FULL') return rest(tx, run, 'DISK_FULL', failure)
  if (!isTransient(failure)) return fail(tx, run, failure)
  if (run.status === 'PAUSING') return rest(tx, run, 'ASKED', failure)
  if (run.setbacks + 1 < MOST_SETBACKS) return tryAgain(tx, run, failure)
  const tried = `${failure.message} ${MOST_SETBACKS} attempts in a row came no further.`
  return fail(tx, run, new RunFailure(failure.code, tried))
}

async function tryAgain(tx: Transaction, run: HeldRun, failure: RunFailure): Promise<void> {
  await endAttempt(tx, run.id, 'LOST', failure)
  const attempt = await queueAgain(tx, run.id)
  await tx.$executeRaw`
    UPDATE "Run" SET setbacks = setbacks + 1, "retryAt" = now()
      + make_interval(secs => ${FIRST_BACKOFF_SECONDS * 3 ** run.setbacks})
    WHERE id = ${run.id}`
  await warn(tx, run.id, failure)
  await tellStatus(tx, run.id, 'QUEUED', attempt)
}

async function rest(
  tx: Transaction,
  run: HeldRun,
  reason: PauseReason,
  failure: RunFailure | null,
): Promise<void> {
  await endAttempt(tx, run.id, failure && reason === 'ASKED' ? 'LOST' : 'PAUSED', failure)
  const seconds = reason === 'DISK_FULL' ? await secondsUntilRoomIsTried(tx, run.id) : null
  await tx.$executeRaw`
    UPDATE "Run" SET status = 'PAUSED', phase = NULL, "leaseUntil" = NULL, "imagesPerSecond" = NULL,
      "pauseReason" = ${reason}::"PauseReason",
      "retryAt" = now() + make_interval(secs => ${seconds}::float8)
    WHERE id = ${run.id}`
  if (failure) await warn(tx, run.id, failure)
  await tellStatus(tx, run.id, 'PAUSED', run.attempt)
}

/** The more attempts in a row have found no room, the longer until the next. */
async function secondsUntilRoomIsTried(tx: Transaction, runId: string): Promise<number> {
  const newest = await tx.runAttempt.findMany({ where: { runId }, orderBy: { number: 'desc' }, take: 5 })
  const inVain = newest.findIndex(({ failureCode }) => failureCode !== 'DISK_FULL')
  const times = inVain < 0 ? newest.length : inVain
  return Math.min(LONGEST_WAIT_SECONDS, FIRST_ROOM_CHECK_SECONDS * 2 ** Math.max(0, times - 1))
}

async function fail(tx: Transaction, run: HeldRun, { code, message }: RunFailure): Promise<void> {
  await endAttempt(tx, run.id, 'FAILED', { code, message })
  await tx.$executeRaw`
    UPDATE "Run" SET status = 'FAILED', phase = NULL, "leaseUntil" = NULL, "finishedAt" = now(),
      "failureCode" = ${code}, "failureMessage" = ${message}
    WHERE id = ${run.id}`
  const failure = { code, message }
  await recordRunEvent(tx, run.id, null, {
    kind: 'STATUS',
    status: 'FAILED',
    phase: null,
    attempt: run.attempt,
    failure,
  })
}

async function warn(tx: Transaction, runId: string, { message }: RunFailure): Promise<void> {
  await recordRunEvent(tx, runId, null, { kind: 'LOG', level: 'WARN', source: 'WORKER', message })
}

/** Every step of a leaving is made under the run's row lock, so that its events need no fence. */
async function tellStatus(
  tx: Transaction,
  runId: string,
  status: 'QUEUED' | 'PAUSED',
  attempt: number,
): Promise<void> {
  await recordRunEvent(tx, runId, null, { kind: 'STATUS', status, phase: null, attempt, failure: null })
}
