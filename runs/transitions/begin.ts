import type { Database, RunPhase } from '../../prisma/client.ts'
import { removeClassHitsAfter } from '../class-hits.ts'
import { type Lease, writeUnderLease } from '../lease.ts'
import { removePointsAfter } from '../points.ts'
import { enterStatus } from './enter-status.ts'

/** Records that training has entered a phase; from CAPTURING on the run is RUNNING. */
export async function enterPhase(database: Database, lease: Lease, phase: RunPhase): Promise<void> {
  await writeUnderLease(database, lease, async (tx, run) => {
    const begins = run.status === 'STARTING' && phase !== 'LOADING'
    await enterStatus(tx, run, { status: begins ? 'RUNNING' : run.status, phase })
  })
}

/**
 * Records how an attempt computes before anything is computed. Later attempts use the same threads per
 * operation, and on a card the same mode. Recorded again where XLA has refused that mode.
 */
export async function recordExecution(
  database: Database,
  lease: Lease,
  execution: { threadsPerOperation?: number; executionMode: string; executionDevice?: string },
): Promise<void> {
  await writeUnderLease(database, lease, (tx) =>
    tx.run.update({ where: { id: lease.runId }, data: execution }),
  )
}

/** Where a training process starts; only the process itself knows. */
export interface Beginning {
  /** Steps already done: 0, or those of the checkpoint that was restored. */
  step: number
  epoch: number
  /** False if the evaluation that may be due after that step has not been done yet. */
  isTested: boolean
}

/**
 * Deletes what earlier attempts measured past the step where this one starts, since it will be measured
 * again: every point of a run is stored once. Later checkpoints are deleted, too: they could not be
 * restored, or this attempt would have started from one of them.
 */
export async function beginTraining(
  database: Database,
  lease: Lease,
  { step, epoch, isTested }: Beginning,
): Promise<void> {
  const { runId } = lease
  await writeUnderLease(database, lease, async (tx, { attempt }) => {
    await removePointsAfter(tx, runId, step, isTested)
    await removeClassHitsAfter(tx, runId, isTested ? step : step - 1)
    await tx.checkpoint.deleteMany({ where: { runId, step: { gt: step } } })
    await tx.run.update({ where: { id: runId }, data: { step, epoch, imagesPerSecond: null } })
    await tx.runAttempt.updateMany({ where: { runId, number: attempt }, data: { fromStep: step } })
  })
}
