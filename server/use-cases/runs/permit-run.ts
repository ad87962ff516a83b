import type { Run } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import type { Services } from '../../services.ts'

/**
 * Lets a member of the run's team change it.
 * @returns the run, and the id of who asks
 */
export async function permitRun(
  { database }: Services,
  actor: Actor | null,
  runId: string,
): Promise<{ run: Run; userId: string }> {
  const run = await permit({ database, actor }, 'Run', runId, 'MEMBER')
  return { run, userId: requireActor(actor).userId }
}
