import type { Checkpoint, CheckpointKind, Database, Transaction } from '../../prisma/client.ts'
import { recordRunEvent } from '../../runs/events.ts'
import { type Lease, writeUnderLease } from '../../runs/lease.ts'

/** Besides these, the best and the final checkpoint are kept, and the one of another run that a fork went on from. */
const NEWEST_KEPT = 2

/** A checkpoint whose file has been stored. */
export interface StoredCheckpoint {
  step: number
  epoch: number
  sha256: string
  byteLength: number
  /** Mean over the students; null if no evaluation was due. */
  testTop1: number | null
}

/** Records a stored checkpoint and deletes those that no retention rule keeps. Idempotent. */
export async function recordCheckpoint(
  database: Database,
  lease: Lease,
  checkpoint: StoredCheckpoint,
): Promise<void> {
  const { runId, fence } = lease
  const { step, epoch, sha256, byteLength, testTop1 } = checkpoint
  await writeUnderLease(database, lease, async (tx) => {
    const { teamId, steps } = await tx.run.findUniqueOrThrow({ where: { id: runId } })
    const existing = await tx.checkpoint.findUnique({ where: { runId_step: { runId, step } } })
    if (existing?.sha256 === sha256) return
    const row = { teamId, runId, step, epoch, sha256, byteLength: BigInt(byteLength), testTop1 }
    await tx.checkpoint.upsert({ where: { runId_step: { runId, step } }, create: row, update: row })
    await applyRetention(tx, runId, steps)
    // The run has made progress, so earlier lost attempts no longer count.
    await tx.run.update({ where: { id: runId }, data: { attemptsWithoutProgress: 0 } })
    await recordRunEvent(tx, runId, fence, { kind: 'CHECKPOINT', step, epoch, byteLength, testTop1 })
  })
}

async function applyRetention(tx: Transaction, runId: string, steps: number | null): Promise<void> {
  const own = { runId, kind: { not: 'ORIGIN' as const } }
  const all = await tx.checkpoint.findMany({ where: own, orderBy: { step: 'asc' } })
  const best = bestOf(all)
  for (const [i, checkpoint] of all.entries()) {
    const { step } = checkpoint
    const isFinal = step === steps
    const kind: CheckpointKind = isFinal ? 'FINAL' : checkpoint === best ? 'BEST' : 'NEWEST'
    const isKept = kind !== 'NEWEST' || i >= all.length - NEWEST_KEPT
    const where = { runId_step: { runId, step } }
    if (!isKept) await tx.checkpoint.delete({ where })
    else if (kind !== checkpoint.kind) await tx.checkpoint.update({ where, data: { kind } })
  }
}

/** Ties go to the earliest. */
function bestOf(checkpoints: readonly Checkpoint[]): Checkpoint | undefined {
  let best: Checkpoint | undefined
  for (const checkpoint of checkpoints)
    if (checkpoint.testTop1 !== null && checkpoint.testTop1 > (best?.testTop1 ?? -1)) best = checkpoint
  return best
}
