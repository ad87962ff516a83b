import type { Run, Transaction } from '../../../prisma/client.ts'
import { queueAgain } from '../../../runs/attempts.ts'
import { recordRunEvent } from '../../../runs/events.ts'
import type { Actor } from '../../access/actor.ts'
import type { Services } from '../../services.ts'
import { wakeWorkers } from './insert-run.ts'
import { conflict, lockRun, permitRun } from './permit-run.ts'

interface RetryRunInput {
  runId: string
  from: 'LAST_CHECKPOINT' | 'SCRATCH'
}

/** Tries a FAILED or CANCELED run again. One that waits or trains already stays as it is. */
export async function retryRun(
  services: Services,
  actor: Actor | null,
  { runId, from }: RetryRunInput,
): Promise<Run> {
  await permitRun(services, actor, runId)
  const run = await services.database.$transaction(async (tx) => {
    const { status } = await lockRun(tx, runId)
    if (status === 'SUCCEEDED')
      throw conflict(status, 'There is nothing to try again; cloneRun trains another.')
    if (status === 'PAUSED' || status === 'PAUSING') throw conflict(status, 'It goes on by resumeRun.')
    if (status === 'FAILED' || status === 'CANCELED') await tryAgain(tx, runId, from)
    return tx.run.findUniqueOrThrow({ where: { id: runId } })
  })
  if (run.status === 'QUEUED') await wakeWorkers(services, run)
  return run
}

async function tryAgain(tx: Transaction, runId: string, from: RetryRunInput['from']): Promise<void> {
  if (from === 'SCRATCH') {
    await tx.checkpoint.deleteMany({ where: { runId } })
    await tx.metricChunk.deleteMany({ where: { runId } })
    await tx.run.update({ where: { id: runId }, data: { step: 0, epoch: 0 } })
  }
  const attempt = await queueAgain(tx, runId)
  await tx.run.update({ where: { id: runId }, data: { setbacks: 0 } })
  await recordRunEvent(tx, runId, null, {
    kind: 'STATUS',
    status: 'QUEUED',
    phase: null,
    attempt,
    failure: null,
  })
}
