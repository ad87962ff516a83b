import type { Database } from '../../prisma/client.ts'
import { beginAttempt } from '../../runs/attempts.ts'
import { recordRunEvent } from '../../runs/events.ts'
import { LEASE_SECONDS, type Lease, TRANSACTION } from '../../runs/lease.ts'
import { type Claimant, findNextInTurn } from './next-in-turn.ts'

/** Any number that nothing else in this database uses. Claims come one after another, so that turns and limits are exact. */
const CLAIM_LOCK = 7_283_102
/** A run that is canceled at the very moment is passed over so often. */
const MOST_TRIES = 5

interface Claimed {
  id: string
  teamId: string
  fence: number
  attempt: number
}

/**
 * Takes the QUEUED run whose turn it is. A run that waits to be tried again is passed over until its time has come. Of
 * several workers that ask at the same moment each gets another run.
 * @returns null where no run waits that this worker may take
 */
export async function claimNextRun(database: Database, claimant: Claimant): Promise<Lease | null> {
  return database.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CLAIM_LOCK})`
    for (let i = 0; i < MOST_TRIES; i++) {
      const id = await findNextInTurn(tx, claimant)
      if (id === null) return null
      const [claimed] = await tx.$queryRaw<Claimed[]>`
        UPDATE "Run"
        SET status = 'STARTING', phase = 'LOADING', fence = fence + 1, "retryAt" = NULL,
            "workerName" = ${claimant.workerName}, "engineBuild" = ${claimant.engineBuild},
            "leaseUntil" = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}),
            "startedAt" = COALESCE("startedAt", clock_timestamp())
        WHERE id = ${id} AND status = 'QUEUED'
        RETURNING id, "teamId", fence, attempt`
      if (!claimed) continue
      const { id: runId, teamId, fence, attempt } = claimed
      await tx.$executeRaw`
        UPDATE "Team" SET "lastServedAt" = clock_timestamp() WHERE id = ${teamId}`
      await beginAttempt(tx, { teamId, runId, number: attempt, workerName: claimant.workerName })
      const payload = {
        kind: 'STATUS',
        status: 'STARTING',
        phase: 'LOADING',
        attempt,
        failure: null,
      } as const
      await recordRunEvent(tx, runId, fence, payload)
      return { runId, fence }
    }
    return null
  }, TRANSACTION)
}
