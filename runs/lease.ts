/**
 * Who may write to a run: the worker that claimed it last, while it holds the run. Every claim takes a greater fence, and
 * every write names its own, so that a worker that was stopped for a while and wakes up can change nothing.
 * Time is the database's: workers' clocks may differ.
 */
import { HELD_STATUSES, type HeldStatus } from '../contract/run-states.ts'
import { type Database, Prisma, type Transaction } from '../prisma/client.ts'
import { retryWhileDatabaseAway } from '../prisma/database-away.ts'
import { type LockedRun, lockRuns } from './locked-run.ts'

/** For `status IN`: as literals, so that the partial index on held runs serves. */
export const HELD = Prisma.raw(`(${HELD_STATUSES.map((status) => `'${status}'`).join(', ')})`)

/** How long a run waits for a word of its worker before it is held to be lost. */
export const LEASE_SECONDS = 30
export const HEARTBEAT_MS = 5_000

export interface Lease {
  runId: string
  fence: number
}

/** The run was canceled, has ended, or another worker has claimed it: nothing more may be written. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
}

export const TRANSACTION = { maxWait: 10_000, timeout: 20_000 }

/** Puts the end of the lease off. @returns the run's status; null where the run is no longer this worker's */
export async function renewLease(database: Database, { runId, fence }: Lease): Promise<HeldStatus | null> {
  const [held] = await database.$queryRaw<{ status: HeldStatus }[]>`
    UPDATE "Run" SET "leaseUntil" = now() + make_interval(secs => ${LEASE_SECONDS})
    WHERE id = ${runId} AND fence = ${fence} AND status IN ${HELD}
    RETURNING status`
  return held?.status ?? null
}

/**
 * Writes to a run in one transaction, under its row's lock. Waits and tries again while the database is away.
 * @param write  gets the row as it is
 * @throws LeaseLostError where the run is no longer this worker's; then nothing was written
 */
export async function writeUnderLease<Result>(
  database: Database,
  { runId, fence }: Lease,
  write: (tx: Transaction, run: LockedRun<HeldStatus>) => Promise<Result>,
): Promise<Result> {
  return retryWhileDatabaseAway(() =>
    database.$transaction(async (tx) => {
      const isOurs = Prisma.sql`id = ${runId} AND fence = ${fence} AND status IN ${HELD}`
      const [run] = await lockRuns<HeldStatus>(tx, isOurs)
      if (!run) throw new LeaseLostError(`run ${runId} is no longer held under fence ${fence}`)
      return write(tx, run)
    }, TRANSACTION),
  )
}
