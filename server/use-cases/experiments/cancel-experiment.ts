import type { Experiment } from '../../../prisma/client.ts'
import { endExperiment } from '../../../runs/experiments/end-experiment.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import type { Services } from '../../services.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { QUEUE_TIMEOUT_MS } from './start-experiment.ts'

/** Cancels every run of an experiment that has not ended; does nothing if none is left. */
export async function cancelExperiment(
  { database }: Services,
  actor: Actor | null,
  { experimentId: id }: { experimentId: string },
): Promise<Experiment> {
  const { teamId } = await permit({ database, actor }, 'Experiment', id, 'MEMBER')
  const cancel = async (tx: Parameters<typeof endExperiment>[0]) => {
    await endExperiment(tx, id, 'CANCELED')
    return tx.experiment.findUniqueOrThrow({ where: { id } })
  }
  return withLockedRow(database, 'Team', teamId, cancel, QUEUE_TIMEOUT_MS)
}
