import type { TRAINING_PHASES } from '../../contract/training.ts'
import type { Database } from '../../prisma/client.ts'
import { recordRunEvent } from '../../runs/events.ts'
import { type Lease, writeUnderLease } from '../../runs/lease.ts'
import { removePointsAfter } from '../../runs/points.ts'

type Phase = (typeof TRAINING_PHASES)[number]

/** The training has come to a phase; from CAPTURING on the run is RUNNING. */
export async function enterPhase(database: Database, lease: Lease, phase: Phase): Promise<void> {
  await writeUnderLease(database, lease, async (tx, run) => {
    const status = run.status === 'STARTING' && phase !== 'LOADING' ? 'RUNNING' : run.status
    await tx.run.update({ where: { id: lease.runId }, data: { status, phase } })
    const { attempt } = run
    await recordRunEvent(tx, lease.runId, lease.fence, {
      kind: 'STATUS',
      status,
      phase,
      attempt,
      failure: null,
    })
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
 * run is there once. Their checkpoints beyond it were not good, or they would have been gone on from.
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
