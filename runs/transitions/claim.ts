import { forNoRequest } from '../../logging/request-context.ts'
import { type Database, Prisma, type Transaction } from '../../prisma/client.ts'
import { LEASE_SECONDS, type Lease, TRANSACTION } from '../lease.ts'
import { type LockedRun, lockRuns } from '../locked-run.ts'
import { type Claimant, findNextInTurn } from '../turns.ts'
import { beginAttempt } from './attempts.ts'
import { enterStatus } from './enter-status.ts'

/**
 * An arbitrary advisory lock key, unique in this database. Serializing claims keeps turns and limits exact.
 */
const CLAIM_LOCK = 7_283_102
/** Retries when the chosen run is canceled between being chosen and being locked. */
const MAX_ATTEMPTS = 5

/** With the request that asked for the run, or went on with it, last, and its span. */
export interface Claimed extends Lease {
  requestId: string | null
  traceparent: string | null
}

/**
 * Claims the QUEUED run whose turn it is. A run in backoff is skipped until its retry is due. Workers that
 * claim at the same moment get different runs.
 * @returns null if no queued run can be taken by this worker
 */
export async function claimNextRun(database: Database, claimant: Claimant): Promise<Claimed | null> {
  // The job that has it look may be of another request than the run whose turn it is.
  return forNoRequest(() => database.$transaction((tx) => claimInTurn(tx, claimant), TRANSACTION))
}

async function claimInTurn(tx: Transaction, claimant: Claimant): Promise<Claimed | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CLAIM_LOCK})`
  for (let i = 0; i < MAX_ATTEMPTS; i++) {
    const id = await findNextInTurn(tx, claimant)
    if (id === null) return null
    // Whoever clones or forks it has the team's lock, which comes next here, and refers to the run under it.
    const [run] = await lockRuns(tx, Prisma.sql`id = ${id} AND status = 'QUEUED'`, { mayBeReferredTo: true })
    if (run) return claim(tx, run, claimant)
  }
  return null
}

async function claim(tx: Transaction, run: LockedRun, claimant: Claimant): Promise<Claimed> {
  const { workerName, engineBuild } = claimant
  const { requestId, traceparent } = run
  const lease = { runId: run.id, fence: run.fence + 1, requestId, traceparent }
  await tx.$executeRaw`UPDATE "Team" SET "lastServedAt" = clock_timestamp() WHERE id = ${run.teamId}`
  await beginAttempt(tx, run, claimant)
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
