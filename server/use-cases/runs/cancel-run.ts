import { isEnded } from '../../../contract/runs/run-states.ts'
import type { Run } from '../../../prisma/client.ts'
import { cancel } from '../../../runs/transitions/index.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import type { Services } from '../../services.ts'
import { changeRun } from './change-run.ts'

/** Cancels a run immediately; does nothing if it has already ended. */
export async function cancelRun(
  services: Services,
  actor: Actor | null,
  { runId }: { runId: string },
): Promise<Run> {
  await permit({ database: services.database, actor }, 'Run', runId, 'MEMBER')
  return changeRun(services.database, runId, async (tx, run) => {
    if (!isEnded(run.status)) await cancel(tx, run)
  })
}
