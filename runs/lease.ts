/**
 * Who may write to a run: only the worker that claimed it last, and only while it holds the run. Every claim
 * increments the fencing token and every write carries its own, so a worker that stalled and wakes up later
 * cannot change anything. All times are the database's, because workers' clocks may differ.
 */
import { HELD_STATUSES, type HeldStatus } from '../contract/runs/run-states.ts'
import { forNoRequest } from '../logging/request-context.ts'
import { type Database, Prisma, type Transaction } from '../prisma/client.ts'
import { retryWhileDatabaseAway } from '../prisma/database-away.ts'
import { type LockedRun, lockRuns } from './locked-run.ts'

/** For `status IN`: literals rather than parameters, so that the partial index on held runs can be used. */
export const HELD = Prisma.raw(`(${HELD_STATUSES.map((status) => `'${status}'`).join(', ')})`)

/** A run whose worker has not sent a heartbeat for this long is considered lost. */
export const LEASE_SECONDS = 30
export const HEARTBEAT_MS = 5_000

export interface Lease {
  runId: string
  fence: number
}

/**
 * The run was canceled, has ended, or was claimed by another worker: this worker may not write to it any
 * more.
 */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
}

export const TRANSACTION = { timeout: 20_000 }

interface Held {
  status: HeldStatus
  /** Whether its worker is drained and is to return it to the queue. */
  isHandedBack: boolean
}

/** Extends the lease. @returns null if this worker no longer holds the run */
export async function renewLease(database: Database, { runId, fence }: Lease): Promise<Held | null> {
  const [held] = await database.$queryRaw<Held[]>`
    UPDATE "Run" SET "leaseUntil" = now() + make_interval(secs => ${LEASE_SECONDS})
    WHERE id = ${runId} AND fence = ${fence} AND status IN ${HELD}
    RETURNING status, EXISTS (SELECT FROM "WorkerDrain"
      WHERE "WorkerDrain"."workerName" = "Run"."workerName" AND "handsBack") AS "isHandedBack"`
  return held ?? null
}

/**
 * Writes to a run in one transaction, under its row lock. Retries while the database is unavailable. The run's request
 * stays who asked last, which may be another than the one for which its worker began.
 * @param write  receives the locked row
 * @throws LeaseLostError if this worker no longer holds the run; nothing was written then
 */
export async function writeUnderLease<Result>(
  database: Database,
  { runId, fence }: Lease,
  write: (tx: Transaction, run: LockedRun<HeldStatus>) => Promise<Result>,
): Promise<Result> {
  const writeOnce = () =>
    database.$transaction(async (tx) => {
      const isOurs = Prisma.sql`id = ${runId} AND fence = ${fence} AND status IN ${HELD}`
      const [run] = await lockRuns<HeldStatus>(tx, isOurs)
      if (!run) throw new LeaseLostError(`run ${runId} is no longer held under fence ${fence}`)
      return write(tx, run)
    }, TRANSACTION)
  return retryWhileDatabaseAway(() => forNoRequest(writeOnce))
}
