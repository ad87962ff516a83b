import type { Database, Run, RunStatus, Transaction } from '../../../prisma/client.ts'
import { type LockedRun, lockRun } from '../../../runs/locked-run.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'

/**
 * Changes a run under its row lock, so that its status cannot change in between.
 * @param change  throws a `conflict` if the run's status does not allow the change
 * @returns the updated run
 */
export async function changeRun(
  database: Database,
  runId: string,
  change: (tx: Transaction, run: LockedRun) => Promise<void>,
): Promise<Run> {
  return inTransaction(database, async (tx) => {
    await change(tx, await lockRun(tx, runId))
    return tx.run.findUniqueOrThrow({ where: { id: runId } })
  })
}

const WORDS: Record<RunStatus, string> = {
  QUEUED: 'waits for a worker',
  STARTING: 'is being trained',
  RUNNING: 'is being trained',
  PAUSING: 'is about to pause',
  PAUSED: 'is paused',
  SUCCEEDED: 'has succeeded',
  FAILED: 'has failed',
  CANCELED: 'was canceled',
}

/** The error for an operation that the run's status does not allow. */
export function conflict({ status }: LockedRun, advice: string): AppError {
  return new AppError('CONFLICT', `The run ${WORDS[status]}. ${advice}`, ['runId'])
}
