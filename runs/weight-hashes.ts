import type { TrainingEvent } from '../contract/training.ts'
import type { Database } from '../prisma/client.ts'
import { type Lease, writeUnderLease } from './lease.ts'

/** Keeps hashes of a run's weights with the device that computed them; those of a step that is repeated replace the earlier. */
export async function recordWeightHashes(
  database: Database,
  lease: Lease,
  { step, tensors, libraries }: Extract<TrainingEvent, { type: 'weights' }>,
): Promise<void> {
  await writeUnderLease(database, lease, async (tx, { id: runId, teamId }) => {
    const { workerName } = await tx.run.findUniqueOrThrow({ where: { id: runId } })
    const worker = await tx.worker.findFirst({ where: { name: workerName ?? '' } })
    const hashes = { tensors, libraries, deviceName: worker?.deviceName ?? 'unknown' }
    await tx.weightHash.upsert({
      where: { runId_step: { runId, step } },
      create: { teamId, runId, step, ...hashes },
      update: hashes,
    })
  })
}
