/** What a run's students recognized of each class, at the evaluations during training. */
import type { TrainingEvent } from '../contract/training.ts'
import type { Database, Transaction } from '../prisma/client.ts'
import { type Lease, writeUnderLease } from './lease.ts'

/** Stored as the student's position for the ensemble. */
export const ENSEMBLE = -1

/** One row for each student and for the ensemble. */
export async function recordClassHits(
  database: Database,
  lease: Lease,
  { step, students, ensemble }: Extract<TrainingEvent, { type: 'classHits' }>,
): Promise<void> {
  const rows = students.map((hits, student) => ({ student, hits }))
  if (ensemble) rows.push({ student: ENSEMBLE, hits: ensemble })
  await writeUnderLease(database, lease, async (tx, { id: runId, teamId }) => {
    // The connection may have broken after an earlier try's commit.
    await tx.classHits.deleteMany({ where: { runId, step } })
    await tx.classHits.createMany({ data: rows.map((row) => ({ teamId, runId, step, ...row })) })
  })
}

/** Deletes those of evaluations after a step, which will be done again. */
export async function removeClassHitsAfter(tx: Transaction, runId: string, step: number): Promise<void> {
  await tx.classHits.deleteMany({ where: { runId, step: { gt: step } } })
}
