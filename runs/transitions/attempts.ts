/** A run's attempts, which begin and end with its status transitions. */
import type { AttemptOutcome, Transaction } from '../../prisma/client.ts'
import type { LockedRun } from '../locked-run.ts'
import type { Claimant } from '../turns.ts'
import { type Failure, toStorableFailure } from './failure.ts'

/** Records the attempt that a claim starts. */
export async function beginAttempt(
  tx: Transaction,
  { teamId, id, attempt }: LockedRun,
  { workerName, device }: Claimant,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "RunAttempt" ("teamId", "runId", number, "workerName", device, "apiKeyId", "startedAt")
    SELECT ${teamId}, ${id}, ${attempt}::int, ${workerName}, ${device}::"DeviceKind", "apiKeyId", now()
    FROM "Run" WHERE id = ${id}`
}

/**
 * Ends the attempt in progress, if there is one, at the run's current step. One whose worker was lost ended with its lease,
 * however much later that is noticed.
 */
export async function endAttempt(
  tx: Transaction,
  { id }: LockedRun,
  outcome: AttemptOutcome,
  failure: Failure | null = null,
): Promise<void> {
  const storable = failure && toStorableFailure(failure)
  await tx.$executeRaw`
    UPDATE "RunAttempt" AS attempt
    SET "endedAt" = CASE WHEN ${outcome}::text = 'LOST'
        THEN greatest(attempt."startedAt", least(now(), run."leaseUntil")) ELSE now() END,
      outcome = ${outcome}::"AttemptOutcome", "toStep" = run.step,
      "failureCode" = ${storable?.code ?? null}, "failureMessage" = ${storable?.message ?? null}
    FROM "Run" AS run
    WHERE run.id = ${id} AND attempt."runId" = run.id AND attempt."endedAt" IS NULL`
}

/** The number of the next attempt: incremented only if the current number was actually started. */
export async function nextAttempt(tx: Transaction, { id, attempt }: LockedRun): Promise<number> {
  const begun = await tx.runAttempt.count({ where: { runId: id, number: attempt } })
  return begun > 0 ? attempt + 1 : attempt
}
