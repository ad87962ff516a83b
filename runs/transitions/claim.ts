import { type Database, Prisma, type Transaction } from '../../prisma/client.ts'
import { LEASE_SECONDS, type Lease, TRANSACTION } from '../lease.ts'
import { type LockedRun, lockRuns } from '../locked-run.ts'
import { type Claimant, findNextInTurn } from '../turns.ts'
import { beginAttempt } from './attempts.ts'
import { enterStatus } from './enter-status.ts'

/** Any number that nothing else in this database uses. Claims come one after another, so that turns and limits are exact. */
const CLAIM_LOCK = 7_283_102
/** A run that is canceled at the very moment is passed over so often. */
const MAX_TRIES = 5

/**
 * Takes the QUEUED run whose turn it is. A run that waits to be tried again is passed over until its time has come. Of
 * several workers that ask at the same moment each gets another run.
 * @returns null where no run waits that this worker may take
 */
export async function claimNextRun(database: Database, claimant: Claimant): Promise<Lease | null> {
  return database.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CLAIM_LOCK})`
    for (let i = 0; i < MAX_TRIES; i++) {
      const id = await findNextInTurn(tx, claimant)
      if (id === null) return null
      const [run] = await lockRuns(tx, Prisma.sql`id = ${id} AND status = 'QUEUED'`)
      if (run) return claim(tx, run, claimant)
    }
    return null
  }, TRANSACTION)
}

async function claim(tx: Transaction, run: LockedRun, { workerName, engineBuild }: Claimant): Promise<Lease> {
  const lease = { runId: run.id, fence: run.fence + 1 }
  await tx.$executeRaw`UPDATE "Team" SET "lastServedAt" = clock_timestamp() WHERE id = ${run.teamId}`
  await beginAttempt(tx, run, workerName)
  await enterStatus(
    tx,
    run,
    { status: 'STARTING', phase: 'LOADING' },
    Prisma.sql`, fence = ${lease.fence}, "workerName" = ${workerName}, "engineBuild" = ${engineBuild},
      "leaseUntil" = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}),
      "startedAt" = COALESCE("startedAt", clock_timestamp())`,
  )
  return lease
}
