import type { RunEvaluation } from '../../contract/evaluation.ts'
import { Prisma, type Transaction } from '../../prisma/client.ts'
import { recordRunEvent } from '../events.ts'
import type { LockedRun } from '../locked-run.ts'
import { notifyRunControl } from '../notifications.ts'
import { endAttempt } from './attempts.ts'
import { enterStatus, type Failure } from './enter-status.ts'

/**
 * Ends a run that has not ended, at once. The fence grows, so that nothing that its worker still writes follows the run's
 * last event, and the worker is told to look at the row.
 */
export async function cancel(tx: Transaction, run: LockedRun): Promise<void> {
  await endAttempt(tx, run, 'CANCELED')
  await enterStatus(tx, run, { status: 'CANCELED' }, Prisma.sql`, fence = fence + 1`)
  await notifyRunControl(tx, run.id)
}

export async function fail(tx: Transaction, run: LockedRun, failure: Failure): Promise<void> {
  await endAttempt(tx, run, 'FAILED', failure)
  await enterStatus(tx, run, { status: 'FAILED', failure })
}

/** What a run that has succeeded leaves beside its models. */
export interface Outcome {
  evaluation: RunEvaluation
  /** Blob of contract/retrieval-queries.ts. */
  retrievalQueriesSha256: string | null
  /** Blob of contract/label-suspects.ts. */
  labelSuspectsSha256: string | null
}

export async function succeed(
  tx: Transaction,
  run: LockedRun,
  { evaluation, retrievalQueriesSha256, labelSuspectsSha256 }: Outcome,
): Promise<void> {
  await recordRunEvent(tx, run.id, null, { kind: 'EVALUATION', evaluation })
  await endAttempt(tx, run, 'SUCCEEDED')
  await enterStatus(
    tx,
    run,
    { status: 'SUCCEEDED' },
    Prisma.sql`, evaluation = ${JSON.stringify(evaluation)}::jsonb,
      "retrievalQueriesSha256" = ${retrievalQueriesSha256}, "labelSuspectsSha256" = ${labelSuspectsSha256}`,
  )
}
