import type { Cohort } from '../../contract/cohort.ts'
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
      for (const { student, position } of twinPlaces(own, control))
        if (!twins.has(student)) twins.set(student, { student, runId: other.runId, position })
    }
    if (twins.size > 0) return [...twins.values()]
  }
  return []
}

/** Places of students and their twins, which also begin with the same given weights and see images normalised alike. */
function twinPlaces(own: Cohort, control: Cohort): { student: number; position: number }[] {
  return twinsOf(own, control)
    .map(({ name }) => ({
      student: own.students.findIndex((one) => one.name === name),
      position: control.students.findIndex((one) => one.name === name),
    }))
    .filter(({ student, position }) => beginningOf(own, student) === beginningOf(control, position))
}

function beginningOf({ students }: Cohort, place: number): string {
  const start = students[place]?.start
  const given = students.find((one) => one.start?.normalization)?.start?.normalization
  return JSON.stringify([start?.sha256, start?.frozenEpochs, given])
}
