import { isEnded } from '../../../contract/runs/run-states.ts'
import { cancel } from '../../../runs/transitions/index.ts'
import { repeatQuietly } from '../../repeat.ts'
import type { Services } from '../../services.ts'
import { findOverspent } from '../budgets/key-budget.ts'
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
export async function endOnce({ database, log }: Services): Promise<string[]> {
  const runIds = await findOverspent(database)
  for (const runId of runIds)
    await changeRun(database, runId, async (tx, run) => {
      if (!isEnded(run.status)) await cancel(tx, run)
    }).then(
      () => log.info({ runId }, 'a run was canceled: its key has spent its budget'),
      // It may be deleted by now, and keeps no other from its end.
      (error) =>
        log.warn({ err: error, runId }, 'a run whose key has spent its budget could not be canceled'),
    )
  return runIds
}
