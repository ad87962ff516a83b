import { CHANNELS } from '../../../contract/run-events.ts'
import type { Run } from '../../../prisma/client.ts'
import { recordRunEvent } from '../../../prisma/run-events.ts'
import { type Actor, requireRole } from '../../access/actor.ts'
import type { Services } from '../../services.ts'

/**
 * Ends a run at once; one that has ended stays as it is. The fence grows, so that nothing that the worker still
 * writes follows the run's last event, and the worker is told to look at the row.
 */
export async function cancelRun(
  { database }: Services,
  actor: Actor | null,
  input: { runId: string },
): Promise<Run> {
  const { runId } = input
  const found = await database.run.findUnique({ where: { id: runId } })
  await requireRole(database, actor, {
    teamId: found?.teamId,
    atLeast: 'MEMBER',
    noun: 'run',
    path: ['runId'],
  })
  return database.$transaction(async (tx) => {
    const [canceled] = await tx.$queryRaw<{ attempt: number }[]>`
      UPDATE "Run"
      SET status = 'CANCELED', phase = NULL, "leaseUntil" = NULL, fence = fence + 1,
          "finishedAt" = timezone('UTC', now())
      WHERE id = ${runId} AND status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED')
      RETURNING attempt`
    if (canceled) {
      const { attempt } = canceled
      await recordRunEvent(tx, runId, null, {
        kind: 'STATUS',
        status: 'CANCELED',
        phase: null,
        attempt,
        failure: null,
      })
      await tx.$executeRaw`SELECT pg_notify(${CHANNELS.runControl}, ${runId})`
    }
    return tx.run.findUniqueOrThrow({ where: { id: runId } })
  })
}
