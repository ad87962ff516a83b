/** The ways into the queue. */
import { newId } from '../../contract/ids.ts'
import { Prisma, type Run, type Transaction } from '../../prisma/client.ts'
import { recordRunEvent } from '../events.ts'
import { type LockedRun, lockRuns } from '../locked-run.ts'
import { nextAttempt } from './attempts.ts'
import { enterStatus } from './enter-status.ts'

/** Of a run that is to be made: what was asked for, and its number within the team. */
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
  | 'idempotencyKey'
>

/** Makes a run, which begins QUEUED, with its first event. */
export async function queueRun(tx: Transaction, order: NewRun): Promise<Run> {
  const { id, status, phase, attempt } = await tx.run.create({ data: { ...order, id: newId('Run') } })
  const payload = { kind: 'STATUS', status, phase, attempt, failure: null, pauseReason: null } as const
  await recordRunEvent(tx, id, null, payload)
  return tx.run.findUniqueOrThrow({ where: { id } })
}

/** Puts a run that nobody holds any more back in the queue, with another attempt to come where the last one was begun. */
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
 * Has a run go on: from its newest checkpoint where it is PAUSED, at once where it waits to be tried again. A run that was
 * to pause is RUNNING again; its worker saves all the same and returns it to the queue.
 */
export async function resume(tx: Transaction, run: LockedRun): Promise<void> {
  if (run.status === 'PAUSED') await requeue(tx, run)
  else if (run.status === 'PAUSING') await enterStatus(tx, run, { status: 'RUNNING', phase: run.phase })
  else if (run.status === 'QUEUED') await tx.run.update({ where: { id: run.id }, data: { retryAt: null } })
}

/** Tries a FAILED or CANCELED run again. From SCRATCH its checkpoints and points are forgotten. */
export async function retry(
  tx: Transaction,
  run: LockedRun,
  from: 'LAST_CHECKPOINT' | 'SCRATCH',
): Promise<void> {
  if (from === 'SCRATCH') {
    await tx.checkpoint.deleteMany({ where: { runId: run.id } })
    await tx.metricChunk.deleteMany({ where: { runId: run.id } })
  }
  const afresh = from === 'SCRATCH' ? Prisma.sql`, step = 0, epoch = 0` : Prisma.empty
  await requeue(tx, run, null, Prisma.sql`, "attemptsWithoutProgress" = 0 ${afresh}`)
}

/** Tries runs again that had paused because a disk was full: whether there is room is found out by trying. */
export async function resumeDueForRoom(tx: Transaction, limit: number): Promise<LockedRun[]> {
  const due = Prisma.sql`status = 'PAUSED' AND "pauseReason" = 'DISK_FULL' AND "retryAt" <= now()`
  const runs = await lockRuns(tx, due, { skipLocked: true, limit })
  for (const run of runs) await requeue(tx, run)
  return runs
}
