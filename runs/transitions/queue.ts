/** The transitions into QUEUED. */
import { newId } from '../../contract/ids.ts'
import { currentRequestId } from '../../logging/request-context.ts'
import { currentTraceparent } from '../../logging/tracing.ts'
import { Prisma, type Run, type Transaction } from '../../prisma/client.ts'
import { removeClassHitsAfter } from '../class-hits.ts'
import { recordRunEvent } from '../events.ts'
import { type LockedRun, lockRuns } from '../locked-run.ts'
import { nextAttempt } from './attempts.ts'
import { enterStatus } from './enter-status.ts'

/** The input of a new run, and its number within the team. */
export type NewRun = Pick<
  Prisma.RunUncheckedCreateInput,
  | 'teamId'
  | 'number'
  | 'createdById'
  | 'cohortId'
  | 'datasetVersionId'
  | 'preset'
  | 'recipe'
  | 'seed'
  | 'priority'
  | 'device'
  | 'label'
  | 'threadsPerOperation'
  | 'idempotencyKey'
  | 'experimentId'
  | 'clonedFromId'
  | 'forkedFromId'
  | 'fork'
  | 'engineBuild'
  | 'executionMode'
  | 'apiKeyId'
>

/** Creates a QUEUED run with its first event. */
export async function queueRun(tx: Transaction, order: NewRun): Promise<Run> {
  const { id, status, phase, attempt } = await tx.run.create({
    data: {
      ...order,
      id: newId('Run'),
      requestId: currentRequestId() ?? null,
      traceparent: currentTraceparent() ?? null,
    },
  })
  const payload = { kind: 'STATUS', status, phase, attempt, failure: null, pauseReason: null } as const
  await recordRunEvent(tx, id, null, payload)
  return tx.run.findUniqueOrThrow({ where: { id } })
}

/**
 * Returns a run that no worker holds to the queue; its attempt number grows if the current attempt was
 * started.
 */
export async function requeue(
  tx: Transaction,
  run: LockedRun,
  retryInSeconds: number | null = null,
  more: Prisma.Sql = Prisma.empty,
): Promise<void> {
  const attempt = await nextAttempt(tx, run)
  await enterStatus(tx, run, { status: 'QUEUED', attempt, retryInSeconds }, more)
}

/**
 * Resumes a run: a PAUSED run is queued to continue from its latest checkpoint; a QUEUED run in backoff
 * becomes due at once. A PAUSING run is RUNNING again, though its worker still saves and returns it to the
 * queue.
 */
export async function resume(tx: Transaction, run: LockedRun): Promise<void> {
  if (run.status === 'PAUSED') await requeue(tx, run)
  else if (run.status === 'PAUSING') await enterStatus(tx, run, { status: 'RUNNING', phase: run.phase })
  else if (run.status === 'QUEUED') await tx.run.update({ where: { id: run.id }, data: { retryAt: null } })
}

/** Queues a FAILED or CANCELED run again. SCRATCH deletes its points and its checkpoints, but for what it is a fork of. */
export async function retry(
  tx: Transaction,
  run: LockedRun,
  from: 'LAST_CHECKPOINT' | 'SCRATCH',
): Promise<void> {
  if (from === 'SCRATCH') {
    await tx.checkpoint.deleteMany({ where: { runId: run.id, kind: { not: 'ORIGIN' } } })
    await tx.metricChunk.deleteMany({ where: { runId: run.id } })
    await removeClassHitsAfter(tx, run.id, 0)
  }
  const resetProgress = from === 'SCRATCH' ? Prisma.sql`, step = 0, epoch = 0, alarms = '[]'` : Prisma.empty
  await requeue(tx, run, null, Prisma.sql`, "attemptsWithoutProgress" = 0 ${resetProgress}`)
}

/**
 * Queues runs that paused because a disk was full and are due for a retry; only trying shows whether there is
 * space.
 */
export async function resumeDueForRoom(tx: Transaction, limit: number): Promise<LockedRun[]> {
  const due = Prisma.sql`status = 'PAUSED' AND "pauseReason" = 'DISK_FULL' AND "retryAt" <= now()`
  const runs = await lockRuns(tx, due, { skipLocked: true, limit })
  for (const run of runs) await requeue(tx, run)
  return runs
}
