import type { Cohort } from '../../contract/cohort.ts'
import { newId } from '../../contract/ids.ts'
import { NAME_LENGTHS } from '../../contract/limits.ts'
import { StartingWeights } from '../../contract/starting-weights.ts'
import type { Arm } from '../../experiments/record.ts'
import type { Experiment, Transaction } from '../../prisma/client.ts'

/** The cohorts of an experiment's arms by the arm's name: one that the team has already, else a new one. */
export async function findArmCohorts(
  tx: Transaction,
  experiment: Pick<Experiment, 'teamId' | 'number'>,
  arms: readonly Arm[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  // One after the other: the second of two equal arms finds the first one's.
  for (const { name, cohort } of arms)
    found.set(
      name,
      (await findEqual(tx, experiment.teamId, cohort)) ?? (await create(tx, experiment, name, cohort)),
    )
  return found
}

async function findEqual(
  tx: Transaction,
  teamId: string,
  { students, teaching }: Cohort,
): Promise<string | null> {
  const candidates = await tx.cohort.findMany({
    where: { teamId, ...teaching, students: { every: { finishedModelId: null } } },
    include: { students: { orderBy: { position: 'asc' } } },
    orderBy: { id: 'desc' },
  })
  const wanted = identityOf(students)
  return candidates.find((candidate) => identityOf(candidate.students) === wanted)?.id ?? null
}

function identityOf(students: readonly { name: string; architecture: string; start?: unknown }[]): string {
  return JSON.stringify(
    // Parsed, the keys are in the contract's order, and not in the database's.
    students.map(({ name, architecture, start }) => [
      name,
      architecture,
      start ? StartingWeights.parse(start) : null,
    ]),
  )
}

async function create(
  tx: Transaction,
  { teamId, number }: Pick<Experiment, 'teamId' | 'number'>,
  arm: string,
  { students, teaching }: Cohort,
): Promise<string> {
  const id = newId('Cohort')
  const wanted = `${arm} (experiment ${number})`.slice(0, NAME_LENGTHS.cohort)
  const isTaken = await tx.cohort.findFirst({ where: { teamId, name: wanted } })
  const name = isTaken ? `${wanted.slice(0, 80)} ${id}` : wanted
  await tx.cohort.create({ data: { id, teamId, name, ...teaching } })
  await tx.student.createMany({
    data: students.map(({ name: student, architecture, start }, position) => ({
      id: newId('Student'),
      teamId,
      cohortId: id,
      position,
      name: student,
      architecture,
      ...(start && { start }),
    })),
  })
  return id
}
