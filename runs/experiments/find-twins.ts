import { StoredPlan } from '../../experiments/design/stored-plan.ts'
import { twinsOf } from '../../experiments/pairing.ts'
import type { Database } from '../../prisma/client.ts'

/** The student of another run that began with the same weights, saw the same batches, and learned alone. */
export interface Twin {
  /** Position of the student whose twin it is. */
  student: number
  runId: string
  /** Position of the twin in its run. */
  position: number
}

/**
 * The twins of a run's students in its experiments' independent runs of the same condition and seed; none for a run
 * that is independent itself.
 */
export async function findTwins(database: Database, runId: string): Promise<Twin[]> {
  const trials = await database.experimentTrial.findMany({ where: { runId }, include: { experiment: true } })
  for (const { experiment, experimentId, condition, seed, arm } of trials) {
    const { arms } = StoredPlan.parse(experiment.plan)
    const own = arms.find(({ name }) => name === arm)?.cohort
    if (!own || own.teaching.method === 'INDEPENDENT') continue
    const alone = arms.filter(({ cohort }) => cohort.teaching.method === 'INDEPENDENT')
    const others = await database.experimentTrial.findMany({
      where: { experimentId, condition, seed, arm: { in: alone.map(({ name }) => name) } },
    })
    const twins = new Map<number, Twin>()
    for (const other of others) {
      const control = alone.find(({ name }) => name === other.arm)?.cohort
      if (!control) continue
      for (const { name } of twinsOf(own, control)) {
        const student = own.students.findIndex((one) => one.name === name)
        const position = control.students.findIndex((one) => one.name === name)
        if (!twins.has(student)) twins.set(student, { student, runId: other.runId, position })
      }
    }
    if (twins.size > 0) return [...twins.values()]
  }
  return []
}
