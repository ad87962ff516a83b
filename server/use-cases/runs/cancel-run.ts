import type { Run } from '../../../prisma/client.ts'
import { endAttempt } from '../../../runs/attempts.ts'
import { recordRunEvent } from '../../../runs/events.ts'
import { notifyRunControl } from '../../../runs/notifications.ts'
import type { Actor } from '../../access/actor.ts'
import type { Services } from '../../services.ts'
import { permitRun } from './permit-run.ts'

/**
 * Ends a run at once; one that has ended stays as it is. The fence grows, so that nothing that the worker still
 * writes follows the run's last event, and the worker is told to look at the row.
 */
export async function cancelRun(
  services: Services,
  actor: Actor | null,
  { runId }: { runId: string },
): Promise<Run> {
  await permitRun(services, actor, runId)
  return services.database.$transaction(async (tx) => {
    const [canceled] = await tx.$queryRaw<{ attempt: number }[]>`
      UPDATE "Run"
      SET status = 'CANCELED', phase = NULL, "leaseUntil" = NULL, fence = fence + 1, "retryAt" = NULL,
          "pauseReason" = NULL, "finishedAt" = now()
      WHERE id = ${runId} AND status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED')
      RETURNING attempt`
    if (canceled) {
      const { attempt } = canceled
      await endAttempt(tx, runId, 'CANCELED')
      await recordRunEvent(tx, runId, null, {
        kind: 'STATUS',
        status: 'CANCELED',
        phase: null,
        attempt,
        failure: null,
      })
      await notifyRunControl(tx, runId)
    }
    return tx.run.findUniqueOrThrow({ where: { id: runId } })
  })
}
