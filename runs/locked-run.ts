import type { RunStatus } from '../contract/runs/run-states.ts'
import { type PauseReason, Prisma, type RunPhase, type Transaction } from '../prisma/client.ts'

declare const LOCKED: unique symbol

/**
 * A run's row, locked until the end of its transaction. Every transition takes one, so the status that was
 * checked is the status being left.
 */
export interface LockedRun<Status extends RunStatus = RunStatus> {
  readonly [LOCKED]: true
  id: string
  teamId: string
  status: Status
  phase: RunPhase | null
  attempt: number
  fence: number
  /** Consecutive attempts lost since the run last saved a checkpoint. */
  attemptsWithoutProgress: number
  pauseReason: PauseReason | null
  requestId: string | null
  traceparent: string | null
}

/**
 * Locks the runs that match a condition, given as the SQL after WHERE.
 * @param options  `skipLocked` skips rows that another transaction has locked instead of waiting for them; `mayBeReferredTo`
 * lets others insert rows that refer to it meanwhile
 */
export async function lockRuns<Status extends RunStatus = RunStatus>(
  tx: Transaction,
  condition: Prisma.Sql,
  { skipLocked = false, limit = 1, mayBeReferredTo = false } = {},
): Promise<LockedRun<Status>[]> {
  return tx.$queryRaw`
    SELECT id, "teamId", status, phase, attempt, fence, "attemptsWithoutProgress", "pauseReason",
      "requestId", traceparent
    FROM "Run" WHERE ${condition} LIMIT ${limit}
    FOR ${mayBeReferredTo ? Prisma.sql`NO KEY UPDATE` : Prisma.sql`UPDATE`} ${skipLocked ? Prisma.sql`SKIP LOCKED` : Prisma.empty}`
}

/** @throws if there is no such run */
export async function lockRun(tx: Transaction, runId: string): Promise<LockedRun> {
  const [run] = await lockRuns(tx, Prisma.sql`id = ${runId}`)
  if (!run) throw new Error(`there is no run ${runId}`)
  return run
}
