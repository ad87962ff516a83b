import { isEnded, isHeld, type RunStatus } from '../../contract/runs/run-states.ts'
import { currentRequestId } from '../../logging/request-context.ts'
import { currentTraceparent } from '../../logging/tracing.ts'
import { type PauseReason, Prisma, type RunPhase, type Transaction } from '../../prisma/client.ts'
import { appendEvent } from '../events.ts'
import type { LockedRun } from '../locked-run.ts'
import { recordRunTeamEvent } from '../team-events.ts'
import { type Failure, toStorableFailure } from './failure.ts'

interface NextState {
  status: RunStatus
  /** What its worker is doing; null if no worker holds it. */
  phase?: RunPhase | null
  attempt?: number
  /** Set for FAILED. */
  failure?: Failure | null
  /** Set for PAUSING and PAUSED. */
  pauseReason?: PauseReason | null
  /** QUEUED: earliest retry. PAUSED: automatic retry. Null for neither. */
  retryInSeconds?: number | null
}

/**
 * The only way into a status. Updates the row (setting the columns of the new status and clearing those of
 * the previous one), appends the event and notifies, in one statement; then tells the team of what it is told.
 * @param more  assignments of further columns, each preceded by a comma
 */
export async function enterStatus(
  tx: Transaction,
  run: LockedRun,
  state: NextState,
  more: Prisma.Sql = Prisma.empty,
): Promise<void> {
  const { status, phase = null, attempt = run.attempt } = state
  const failure = state.failure ? toStorableFailure(state.failure) : null
  const { pauseReason = null, retryInSeconds = null } = state
  const columns = Prisma.sql`,
    status = ${status}::"RunStatus", phase = ${phase}::"RunPhase", attempt = ${attempt},
    "pauseReason" = ${pauseReason}::"PauseReason",
    "failureCode" = ${failure?.code ?? null}, "failureMessage" = ${failure?.message ?? null},
    "retryAt" = now() + make_interval(secs => ${retryInSeconds}::float8),
    "finishedAt" = ${isEnded(status) ? Prisma.sql`now()` : null},
    "requestId" = COALESCE(${currentRequestId() ?? null}, "requestId"),
    traceparent = COALESCE(${currentTraceparent() ?? null}, traceparent)
    ${isHeld(status) ? Prisma.empty : Prisma.sql`, "leaseUntil" = NULL`}
    ${status === 'QUEUED' || status === 'PAUSED' ? Prisma.sql`, "imagesPerSecond" = NULL` : Prisma.empty}
    ${status === 'QUEUED' ? Prisma.sql`, "workerName" = NULL` : Prisma.empty}
    ${more}`
  const payload = { kind: 'STATUS', status, phase, attempt, failure, pauseReason } as const
  await appendEvent(tx, { run: Prisma.sql`id = ${run.id}`, columns, payload })
  await recordRunTeamEvent(tx, run.id, status)
}
