import { isEnded } from '../../../contract/runs/run-states.ts'
import type { Run } from '../../../prisma/client.ts'
import { pause } from '../../../runs/transitions/index.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import type { Services } from '../../services.ts'
import { changeRun, conflict } from './change-run.ts'

/**
 * Pauses a run until it is resumed: immediately if it is queued, after a checkpoint if a worker is training
 * it. Idempotent.
 */
export async function pauseRun(
  services: Services,
  actor: Actor | null,
  { runId }: { runId: string },
): Promise<Run> {
  await permit({ database: services.database, actor }, 'Run', runId, 'MEMBER')
  return changeRun(services.database, runId, async (tx, run) => {
    if (isEnded(run.status)) throw conflict(run, 'Only a run that has not ended can be paused.')
    await pause(tx, run)
  })
}
