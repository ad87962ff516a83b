import type { Database } from '../../prisma/client.ts'
import { beginAttempt } from '../../prisma/run-attempts.ts'
import { recordRunEvent } from '../../prisma/run-events.ts'
import { LEASE_SECONDS, type Lease, TRANSACTION } from './run-lease.ts'

interface Claimed {
  id: string
  teamId: string
  fence: number
  attempt: number
}

/**
 * Takes the QUEUED run whose turn it is: of the greatest priority, and of those the oldest. A run that waits to be tried
 * again is passed over until its time has come. Of several workers that ask at the same moment each gets another run.
 * @returns null where no run waits
 */
export async function claimNextRun(database: Database, workerName: string): Promise<Lease | null> {
  return database.$transaction(async (tx) => {
    const [claimed] = await tx.$queryRaw<Claimed[]>`
      UPDATE "Run"
      SET status = 'STARTING', phase = 'LOADING', fence = fence + 1, "workerName" = ${workerName}, "retryAt" = NULL,
          "leaseUntil" = timezone('UTC', now()) + make_interval(secs => ${LEASE_SECONDS}),
          "startedAt" = COALESCE("startedAt", timezone('UTC', now()))
      WHERE id = (
        SELECT id FROM "Run"
        WHERE status = 'QUEUED' AND ("retryAt" IS NULL OR "retryAt" <= timezone('UTC', now()))
        ORDER BY priority DESC, "createdAt", id
        FOR UPDATE SKIP LOCKED LIMIT 1)
      RETURNING id, "teamId", fence, attempt`
    if (!claimed) return null
    const { id: runId, teamId, fence, attempt } = claimed
    await beginAttempt(tx, { teamId, runId, number: attempt, workerName })
    const payload = { kind: 'STATUS', status: 'STARTING', phase: 'LOADING', attempt, failure: null } as const
    await recordRunEvent(tx, runId, fence, payload)
    return { runId, fence }
  }, TRANSACTION)
}
