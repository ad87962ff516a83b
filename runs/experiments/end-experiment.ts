import { isEnded } from '../../contract/runs/run-states.ts'
import { Prisma, type Transaction } from '../../prisma/client.ts'
import { lockRuns } from '../locked-run.ts'
import { cancel } from '../transitions/index.ts'

/** More runs than an experiment may have. */
const MOST_RUNS = 10_000

/**
 * Ends an experiment before all of its runs have: those that have not are canceled, the others stay. Does nothing to one
 * of which none is left, or that was ended before.
 */
export async function endExperiment(
  tx: Transaction,
  experimentId: string,
  how: 'CANCELED' | 'DECIDED',
): Promise<void> {
  const [experiment] = await tx.$queryRaw<{ isOver: boolean }[]>`
    SELECT "canceledAt" IS NOT NULL OR "decidedAt" IS NOT NULL AS "isOver"
    FROM "Experiment" WHERE id = ${experimentId} FOR UPDATE`
  if (!experiment || experiment.isOver) return
  // In the order in which whoever changes several runs locks them.
  const condition = Prisma.sql`"experimentId" = ${experimentId} ORDER BY id`
  const runs = await lockRuns(tx, condition, { limit: MOST_RUNS })
  const left = runs.filter(({ status }) => !isEnded(status))
  if (left.length === 0) return
  for (const run of left) await cancel(tx, run)
  const now = new Date()
  const data = how === 'CANCELED' ? { canceledAt: now } : { decidedAt: now }
  await tx.experiment.update({ where: { id: experimentId }, data })
}
