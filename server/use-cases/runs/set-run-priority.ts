import { z } from 'zod'
import { MAX_PRIORITY } from '../../../contract/limits.ts'
import type { Run } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction, noteDetail } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'

const Input = z.object({
  priority: z
    .int()
    .min(-MAX_PRIORITY, `-${MAX_PRIORITY} or more`)
    .max(MAX_PRIORITY, `${MAX_PRIORITY} or less`),
})

/**
 * Sets a run's priority; queued runs with higher priority are claimed first. Running ones are not affected.
 */
export async function setRunPriority(
  services: Services,
  actor: Actor | null,
  input: { runId: string; priority: number },
): Promise<Run> {
  const { id, priority: before } = await permit(
    { database: services.database, actor },
    'Run',
    input.runId,
    'MEMBER',
  )
  const { priority } = parseInput(Input, input)
  noteDetail({ priority: { from: before, to: priority } })
  return inTransaction(services.database, (tx) => tx.run.update({ where: { id }, data: { priority } }))
}
