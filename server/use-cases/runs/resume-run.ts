import { isEnded } from '../../../contract/runs/run-states.ts'
import type { Run } from '../../../prisma/client.ts'
import { resume } from '../../../runs/transitions/index.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import type { Services } from '../../services.ts'
import { answerFor, requireSpendable } from '../budgets/key-budget.ts'
import { requireDeviceHours } from '../quotas/require-quota.ts'
import { changeRun, conflict } from './change-run.ts'
import { wakeWorkers } from './insert-run.ts'

/**
 * Resumes a paused run from its latest checkpoint; a run in backoff is retried at once. Does nothing if the
 * run is already running.
 */
export async function resumeRun(
  services: Services,
  actor: Actor | null,
  { runId }: { runId: string },
): Promise<Run> {
  const { database } = services
  const permitted = await permit({ database, actor }, 'Run', runId, 'MEMBER')
  await requireSpendable(database, actor, permitted)
  const resumed = await changeRun(database, runId, async (tx, run) => {
    if (isEnded(run.status)) throw conflict(run, 'A run that has ended is tried again by retryRun.')
    if (run.status === 'PAUSED') {
      await requireDeviceHours(tx, run.teamId)
      await answerFor(tx, runId, actor)
    }
    await resume(tx, run)
  })
  if (resumed.status === 'QUEUED') await wakeWorkers(services, resumed)
  return resumed
}
