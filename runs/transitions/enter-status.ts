import type { FailureCode } from '../../contract/run-events.ts'
import { isEnded, isHeld, type RunStatus } from '../../contract/run-states.ts'
import { type PauseReason, Prisma, type RunPhase, type Transaction } from '../../prisma/client.ts'
import { appendEvent } from '../events.ts'
import type { LockedRun } from '../locked-run.ts'

/** Why an attempt, or the run, failed: for a person to act on. */
export interface Failure {
  code: FailureCode
  message: string
}

interface NextState {
  status: RunStatus
  /** What its worker does; null where it has none. */
  phase?: RunPhase | null
  attempt?: number
  /** Why it is FAILED. */
  failure?: Failure | null
  /** Why it is PAUSED. */
  pauseReason?: PauseReason | null
  /** QUEUED: not before so many seconds have passed. PAUSED: when it is tried again. Null for neither. */
  retryInSeconds?: number | null
}

/**
 * The one way into a state: the row, with everything that belongs to the state and nothing that belonged to the last
 * one, the event and its notification, in one statement.
 * @param more  assignments of further columns, each with a comma before it
 */
export async function enterStatus(
  tx: Transaction,
  run: LockedRun,
  state: NextState,
  more: Prisma.Sql = Prisma.empty,
): Promise<void> {
  const { status, phase = null, attempt = run.attempt, failure = null } = state
  const { pauseReason = null, retryInSeconds = null } = state
  const columns = Prisma.sql`,
    status = ${status}::"RunStatus", phase = ${phase}::"RunPhase", attempt = ${attempt},
    "pauseReason" = ${pauseReason}::"PauseReason",
    "failureCode" = ${failure?.code ?? null}, "failureMessage" = ${failure?.message ?? null},
    "retryAt" = now() + make_interval(secs => ${retryInSeconds}::float8),
    "finishedAt" = ${isEnded(status) ? Prisma.sql`now()` : null}
    ${isHeld(status) ? Prisma.empty : Prisma.sql`, "leaseUntil" = NULL`}
    ${status === 'QUEUED' || status === 'PAUSED' ? Prisma.sql`, "imagesPerSecond" = NULL` : Prisma.empty}
    ${status === 'QUEUED' ? Prisma.sql`, "workerName" = NULL` : Prisma.empty}
    ${more}`
  const payload = { kind: 'STATUS', status, phase, attempt, failure, pauseReason } as const
  await appendEvent(tx, { run: Prisma.sql`id = ${run.id}`, columns, payload })
}
