import type { Database, RunPhase } from '../../prisma/client.ts'
import { type Lease, writeUnderLease } from '../lease.ts'
import { removePointsAfter } from '../points.ts'
import { enterStatus } from './enter-status.ts'

/** The training has come to a phase; from CAPTURING on the run is RUNNING. */
export async function enterPhase(database: Database, lease: Lease, phase: RunPhase): Promise<void> {
  await writeUnderLease(database, lease, async (tx, run) => {
    const begins = run.status === 'STARTING' && phase !== 'LOADING'
    await enterStatus(tx, run, { status: begins ? 'RUNNING' : run.status, phase })
  })
}

/** Where a training process begins, which only it knows. */
export interface Beginning {
  /** Steps that are done already: 0, or those of the checkpoint that it has restored. */
  step: number
  epoch: number
  /** False where the evaluation that may be due after that step is still to be done. */
  isTested: boolean
}

/**
 * Forgets what earlier attempts measured beyond the beginning of this one, which measures it again: every point of the
 * run is there once. Checkpoints beyond it could not be restored, or this attempt would have begun at one of them.
 */
export async function beginTraining(
  database: Database,
  lease: Lease,
  { step, epoch, isTested }: Beginning,
): Promise<void> {
  const { runId } = lease
  await writeUnderLease(database, lease, async (tx, { attempt }) => {
    await removePointsAfter(tx, runId, step, isTested)
    await tx.checkpoint.deleteMany({ where: { runId, step: { gt: step } } })
    await tx.run.update({ where: { id: runId }, data: { step, epoch, imagesPerSecond: null } })
    await tx.runAttempt.updateMany({ where: { runId, number: attempt }, data: { fromStep: step } })
  })
}
