import type { RunEvaluation } from '../../contract/evaluation.ts'
import { Prisma, type Transaction } from '../../prisma/client.ts'
import { recordRunEvent } from '../events.ts'
import type { LockedRun } from '../locked-run.ts'
import { notifyRunControl } from '../notifications.ts'
import { endAttempt } from './attempts.ts'
import { enterStatus } from './enter-status.ts'
import type { Failure } from './failure.ts'

/**
 * Ends an unfinished run immediately. The fence is incremented, so that nothing its worker still writes can
 * follow the run's last event, and the worker is notified to reread the row.
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

/** What a successful run produces besides its models. */
export interface Outcome {
  evaluation: RunEvaluation
  /** Blob in the format of contract/retrieval-queries.ts. */
  retrievalQueriesSha256: string | null
  /** Blob in the format of contract/label-suspects.ts. */
  labelSuspectsSha256: string | null
  /** Blob in the format of contract/runs/test-answers.ts. */
  testAnswersSha256: string | null
}

export async function succeed(
  tx: Transaction,
  run: LockedRun,
  { evaluation, retrievalQueriesSha256, labelSuspectsSha256, testAnswersSha256 }: Outcome,
): Promise<void> {
  await recordRunEvent(tx, run.id, null, { kind: 'EVALUATION', evaluation })
  await endAttempt(tx, run, 'SUCCEEDED')
  await enterStatus(
    tx,
    run,
    { status: 'SUCCEEDED' },
    Prisma.sql`, evaluation = ${JSON.stringify(evaluation)}::jsonb,
      "retrievalQueriesSha256" = ${retrievalQueriesSha256}, "labelSuspectsSha256" = ${labelSuspectsSha256},
      "testAnswersSha256" = ${testAnswersSha256}`,
  )
}
