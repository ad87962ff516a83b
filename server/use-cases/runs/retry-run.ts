import type { Run, Transaction } from '../../../prisma/client.ts'
import type { LockedRun } from '../../../runs/locked-run.ts'
import { retry } from '../../../runs/transitions/index.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import type { Services } from '../../services.ts'
import { answerFor, requireSpendable } from '../budgets/key-budget.ts'
import { requireDeviceHours } from '../quotas/require-quota.ts'
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
  const { database } = services
  const permitted = await permit({ database, actor }, 'Run', runId, 'MEMBER')
  await requireSpendable(database, actor, permitted)
  const retried = await changeRun(database, runId, async (tx, run) => {
    const { status } = run
    if (status === 'SUCCEEDED') throw conflict(run, 'There is nothing to try again; cloneRun trains another.')
    if (status === 'PAUSED' || status === 'PAUSING') throw conflict(run, 'It goes on by resumeRun.')
    if (status !== 'FAILED' && status !== 'CANCELED') return
    await refuseWhereDecided(tx, run)
    await requireDeviceHours(tx, run.teamId)
    await answerFor(tx, runId, actor)
    await retry(tx, run, from)
  })
  if (retried.status === 'QUEUED') await wakeWorkers(services, retried)
  return retried
}

/** What an ended experiment has shown stays as it is. @throws AppError CONFLICT */
async function refuseWhereDecided(tx: Transaction, run: LockedRun): Promise<void> {
  const ended = { OR: [{ canceledAt: { not: null } }, { decidedAt: { not: null } }] }
  const experiment = await tx.experiment.findFirst({ where: { runs: { some: { id: run.id } }, ...ended } })
  if (experiment)
    throw conflict(
      run,
      `It is a trial of experiment ${experiment.number}, which has ended; cloneRun trains another.`,
    )
}
