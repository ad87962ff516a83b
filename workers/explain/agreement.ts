import type { ExplanationMeasure } from '../../contract/runs/explanation.ts'
import type { Database } from '../../prisma/client.ts'
import { readDisagreements } from '../../runs/alarms.ts'
import { findTwins } from '../../runs/experiments/find-twins.ts'

/** Points in time that are told, of all evaluations. */
const MOST_TOLD = 4

/**
 * How often students disagreed over the training, beside their twins; nothing where these are not of one run, which
 * alone can have measured it, or where either run has more students, whose disagreements it measured, too.
 */
export async function explainAgreement(database: Database, runId: string): Promise<ExplanationMeasure[]> {
  const twins = await findTwins(database, runId)
  const [aloneId, ...others] = new Set(twins.map((twin) => twin.runId))
  if (aloneId === undefined || others.length > 0 || twins.length < 2) return []
  if (!(await haveStudents(database, [runId, aloneId], twins.length))) return []
  const own = await readDisagreements(database, runId)
  const alone = new Map((await readDisagreements(database, aloneId)).map(({ step, value }) => [step, value]))
  const both = own.flatMap(({ step, value }): ExplanationMeasure[] => {
    const other = alone.get(step)
    const common = { name: 'DISAGREEMENT_AT_STEP', student: null, level: step, difference: null } as const
    return other === undefined ? [] : [{ ...common, own: value, alone: other }]
  })
  const told = Math.min(MOST_TOLD, both.length)
  return Array.from({ length: told }, (_, i) => both[Math.ceil(((i + 1) * both.length) / told) - 1]).filter(
    (one) => one !== undefined,
  )
}

async function haveStudents(database: Database, runIds: string[], count: number): Promise<boolean> {
  const runs = await database.run.findMany({
    where: { id: { in: runIds } },
    select: { cohort: { select: { _count: { select: { students: true } } } } },
  })
  return runs.every(({ cohort }) => cohort._count.students === count)
}
