import { isEnded } from '../../../contract/run-states.ts'
import type { Run, Transaction } from '../../../prisma/client.ts'
import { recordRunEvent } from '../../../runs/events.ts'
import { notifyRunControl } from '../../../runs/notifications.ts'
import type { Actor } from '../../access/actor.ts'
import type { Services } from '../../services.ts'
import { conflict, lockRun, permitRun } from './permit-run.ts'

/**
 * Has a run rest until it is resumed: at once where it waits, and after a checkpoint where a worker trains it. To ask
 * again changes nothing.
 */
export async function pauseRun(
  services: Services,
  actor: Actor | null,
  { runId }: { runId: string },
): Promise<Run> {
  await permitRun(services, actor, runId)
  return services.database.$transaction(async (tx) => {
    const run = await lockRun(tx, runId)
    if (isEnded(run.status)) throw conflict(run.status, 'Only a run that has not ended can be paused.')
    if (run.status === 'QUEUED') await rest(tx, run)
    else if (run.status === 'STARTING' || run.status === 'RUNNING') await askWorker(tx, run)
    // It would otherwise go on by itself once there is room.
    else if (run.pauseReason === 'DISK_FULL')
      await tx.run.update({ where: { id: runId }, data: { pauseReason: 'ASKED', retryAt: null } })
    return tx.run.findUniqueOrThrow({ where: { id: runId } })
  })
}

async function rest(tx: Transaction, { id, attempt }: Run): Promise<void> {
  await tx.run.update({ where: { id }, data: { status: 'PAUSED', pauseReason: 'ASKED', retryAt: null } })
  await recordRunEvent(tx, id, null, {
    kind: 'STATUS',
    status: 'PAUSED',
    phase: null,
    attempt,
    failure: null,
  })
}

async function askWorker(tx: Transaction, { id, attempt, phase }: Run): Promise<void> {
  await tx.run.update({ where: { id }, data: { status: 'PAUSING' } })
  await recordRunEvent(tx, id, null, { kind: 'STATUS', status: 'PAUSING', phase, attempt, failure: null })
  await notifyRunControl(tx, id)
}
