import type { AttemptOutcome, Transaction } from '../prisma/client.ts'

/** Begins the attempt that a claim makes; `run.attempt` is its number. */
export async function beginAttempt(
  tx: Transaction,
  {
    teamId,
    runId,
    number,
    workerName,
  }: { teamId: string; runId: string; number: number; workerName: string },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "RunAttempt" ("teamId", "runId", number, "workerName", "startedAt")
    VALUES (${teamId}, ${runId}, ${number}, ${workerName}, now())`
}

/** Ends the attempt that is under way, where there is one, at the step that the run has come to. */
export async function endAttempt(
  tx: Transaction,
  runId: string,
  outcome: AttemptOutcome,
  failure: { code: string; message: string } | null = null,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE "RunAttempt" AS attempt
    SET "endedAt" = now(), outcome = ${outcome}::"AttemptOutcome", "toStep" = run.step,
      "failureCode" = ${failure?.code ?? null}, "failureMessage" = ${failure?.message ?? null}
    FROM "Run" AS run
    WHERE run.id = ${runId} AND attempt."runId" = run.id AND attempt."endedAt" IS NULL`
}

/**
 * Puts a run that nobody holds back in the queue, with another attempt to come where the last one was begun.
 * Its status must be one that QUEUED may follow.
 * @returns the number of the attempt to come
 */
export async function queueAgain(tx: Transaction, runId: string): Promise<number> {
  const [run] = await tx.$queryRaw<{ attempt: number }[]>`
    UPDATE "Run" SET status = 'QUEUED', phase = NULL, "leaseUntil" = NULL, "workerName" = NULL,
      "retryAt" = NULL, "pauseReason" = NULL, "finishedAt" = NULL, "failureCode" = NULL, "failureMessage" = NULL,
      "imagesPerSecond" = NULL,
      attempt = attempt + (EXISTS (SELECT FROM "RunAttempt" WHERE "runId" = "Run".id AND number = attempt))::int
    WHERE id = ${runId} RETURNING attempt`
  return run!.attempt
}
