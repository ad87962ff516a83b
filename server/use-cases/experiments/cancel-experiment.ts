import type { Experiment, Transaction } from '../../../prisma/client.ts'
import { endExperiment } from '../../../runs/experiments/end-experiment.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { QUEUE_TIMEOUT_MS } from './start-experiment.ts'

/**
 * Cancels every run of an experiment that has not ended; does nothing if none is left. Without the team's lock: a worker
 * that claims a run takes the run's lock first, and then the team's.
 */
export async function cancelExperiment(
  { database }: Services,
  actor: Actor | null,
  { experimentId: id }: { experimentId: string },
): Promise<Experiment> {
  await permit({ database, actor }, 'Experiment', id, 'MEMBER')
  const cancel = async (tx: Transaction) => {
    await endExperiment(tx, id, 'CANCELED')
    return tx.experiment.findUniqueOrThrow({ where: { id } })
  }
  return inTransaction(database, cancel, { timeout: QUEUE_TIMEOUT_MS })
}
