import { isEnded } from '../../../contract/runs/run-states.ts'
import type { Database } from '../../../prisma/client.ts'
import { cancel } from '../../../runs/transitions/index.ts'
import { SYSTEM, writeEvents } from '../../audit/events.ts'
import { subjectOf } from '../../audit/subjects.ts'
import { repeatQuietly } from '../../repeat.ts'
import type { Services } from '../../services.ts'
import { findOverspent, type Overspent } from '../budgets/key-budget.ts'
import { changeRun } from './change-run.ts'

const LOOK_EVERY_MS = 10_000

/** Cancels the runs of keys that have spent their minutes on devices, looking every ten seconds. @returns what ends it */
export function endOverspent(services: Services): () => void {
  return repeatQuietly(
    LOOK_EVERY_MS,
    () => endOnce(services),
    (error) => services.log.warn({ err: error }, 'budgets of keys could not be looked at'),
  )
}

/** @returns the runs that it canceled */
export async function endOnce({ database, log }: Pick<Services, 'database' | 'log'>): Promise<string[]> {
  const overspent = await findOverspent(database)
  for (const one of overspent)
    await endRun(database, one).then(
      () => log.info({ runId: one.runId }, 'a run was canceled: its key has spent its budget'),
      // It may be deleted by now, and keeps no other from its end.
      (error) =>
        log.warn(
          { err: error, runId: one.runId },
          'a run whose key has spent its budget could not be canceled',
        ),
    )
  return overspent.map(({ runId }) => runId)
}

async function endRun(
  database: Database,
  { runId, keyId, keyName, minutes, most }: Overspent,
): Promise<void> {
  await changeRun(database, runId, async (tx, run) => {
    // Somebody else may answer for it by now.
    const isOfKey = (await tx.run.count({ where: { id: runId, apiKeyId: keyId } })) > 0
    if (isEnded(run.status) || !isOfKey) return
    await cancel(tx, run)
    const canceled = await tx.run.findUniqueOrThrow({ where: { id: runId } })
    const detail = { key: keyName, deviceMinutes: Math.floor(minutes), limit: most }
    const subject = subjectOf('Run', canceled)
    await writeEvents(tx, [{ actor: SYSTEM, action: 'run.cancel', teamId: run.teamId, subject, detail }])
  })
}
