import type { RunStatus } from '../contract/run-states.ts'
import { type PauseReason, Prisma, type RunPhase, type Transaction } from '../prisma/client.ts'

declare const LOCKED: unique symbol

/**
 * A run's row under its lock, which its transaction holds to the end. Only from here is there a way to a run's next state:
 * the state that was looked at is the state that is left.
 */
export interface LockedRun<Status extends RunStatus = RunStatus> {
  readonly [LOCKED]: true
  id: string
  teamId: string
  status: Status
  phase: RunPhase | null
  attempt: number
  fence: number
  /** Attempts lost in a row since the run last kept a checkpoint. */
  attemptsWithoutProgress: number
  pauseReason: PauseReason | null
}

/**
 * Locks the runs that a condition holds for, in SQL after WHERE.
 * @param options  `skipLocked` passes over those that somebody else has locked, instead of waiting for them
 */
export async function lockRuns<Status extends RunStatus = RunStatus>(
  tx: Transaction,
  condition: Prisma.Sql,
  { skipLocked = false, limit = 1 } = {},
): Promise<LockedRun<Status>[]> {
  return tx.$queryRaw`
    SELECT id, "teamId", status, phase, attempt, fence, "attemptsWithoutProgress", "pauseReason"
    FROM "Run" WHERE ${condition} LIMIT ${limit} FOR UPDATE ${skipLocked ? Prisma.sql`SKIP LOCKED` : Prisma.empty}`
}

/** @throws where there is no such run */
export async function lockRun(tx: Transaction, runId: string): Promise<LockedRun> {
  const [run] = await lockRuns(tx, Prisma.sql`id = ${runId}`)
  if (!run) throw new Error(`there is no run ${runId}`)
  return run
}
