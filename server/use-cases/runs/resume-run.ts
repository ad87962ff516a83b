import { isEnded } from '../../../contract/run-states.ts'
import type { Run } from '../../../prisma/client.ts'
import { queueAgain } from '../../../runs/attempts.ts'
import { recordRunEvent } from '../../../runs/events.ts'
import type { Actor } from '../../access/actor.ts'
import type { Services } from '../../services.ts'
import { wakeWorkers } from './insert-run.ts'
import { conflict, lockRun, permitRun } from './permit-run.ts'

/**
 * Has a paused run go on from its newest checkpoint; one that waits to be tried again is tried now. A run that is going
 * on already stays as it is.
 */
export async function resumeRun(
  services: Services,
  actor: Actor | null,
  { runId }: { runId: string },
): Promise<Run> {
  await permitRun(services, actor, runId)
  const run = await services.database.$transaction(async (tx) => {
    const { status, phase, attempt } = await lockRun(tx, runId)
    if (isEnded(status)) throw conflict(status, 'A run that has ended is tried again by retryRun.')
    const event = { kind: 'STATUS', phase: null, attempt, failure: null } as const
    if (status === 'PAUSED') {
      const next = await queueAgain(tx, runId)
      await recordRunEvent(tx, runId, null, { ...event, status: 'QUEUED', attempt: next })
    } else if (status === 'PAUSING') {
      // Its worker saves and gives it back, and then it waits for the next instead of resting.
      await tx.run.update({ where: { id: runId }, data: { status: 'RUNNING' } })
      await recordRunEvent(tx, runId, null, { ...event, status: 'RUNNING', phase })
    } else if (status === 'QUEUED') await tx.run.update({ where: { id: runId }, data: { retryAt: null } })
    return tx.run.findUniqueOrThrow({ where: { id: runId } })
  })
  if (run.status === 'QUEUED') await wakeWorkers(services, run)
  return run
}
