import { isEnded } from '../../../contract/runs/run-states.ts'
import type { Database, Run } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'

/**
 * Has whoever asks, or whose key asks, told when a run ends, or no longer. Idempotent.
 * @throws AppError CONFLICT for a run that has ended: nobody would ever be told
 */
export async function followRun(
  { database }: Services,
  actor: Actor | null,
  { runId, follows }: { runId: string; follows: boolean },
): Promise<Run> {
  const run = await permit({ database, actor }, 'Run', runId, 'VIEWER')
  const { userId } = requireActor(actor)
  await requireReader(database, userId)
  if (!follows) {
    await inTransaction(database, (tx) => tx.runFollower.deleteMany({ where: { runId, userId } }))
    return run
  }
  if (isEnded(run.status))
    throw new AppError('CONFLICT', `Run ${run.number} has ended: there is nothing to wait for.`, ['runId'])
  const follower = { data: { runId, userId }, skipDuplicates: true }
  await inTransaction(database, (tx) => tx.runFollower.createMany(follower))
  return run
}

async function requireReader(database: Database, userId: string): Promise<void> {
  const { isServiceAccount } = await database.user.findUniqueOrThrow({ where: { id: userId } })
  if (!isServiceAccount) return
  const message = 'A service account reads no notices. Follow the run as a person, or have a webhook told.'
  throw new AppError('FORBIDDEN', message)
}
