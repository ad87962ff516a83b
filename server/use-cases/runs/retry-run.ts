import type { Run } from '../../../prisma/client.ts'
import { retry } from '../../../runs/transitions/index.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import type { Services } from '../../services.ts'
import { changeRun, conflict } from './change-run.ts'
import { wakeWorkers } from './insert-run.ts'

interface RetryRunInput {
  runId: string
  from: 'LAST_CHECKPOINT' | 'SCRATCH'
}

/** Retries a FAILED or CANCELED run; does nothing if it is already queued or running. */
export async function retryRun(
  services: Services,
  actor: Actor | null,
  { runId, from }: RetryRunInput,
): Promise<Run> {
  await permit({ database: services.database, actor }, 'Run', runId, 'MEMBER')
  const retried = await changeRun(services.database, runId, async (tx, run) => {
    const { status } = run
    if (status === 'SUCCEEDED') throw conflict(run, 'There is nothing to try again; cloneRun trains another.')
    if (status === 'PAUSED' || status === 'PAUSING') throw conflict(run, 'It goes on by resumeRun.')
    if (status === 'FAILED' || status === 'CANCELED') await retry(tx, run, from)
  })
  if (retried.status === 'QUEUED') await wakeWorkers(services, retried)
  return retried
}
