import { Cohort as CohortContract } from '../../../contract/cohort.ts'
import { newId } from '../../../contract/ids.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import type {
  Cohort,
  Divergence,
  EnsembleRule,
  PartnerRule,
  TeachingMethod,
  UpdateRule,
} from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { isUniqueViolation } from '../unique.ts'
import { findFinishedStudents } from './find-finished-students.ts'
import { findStarts } from './find-starts.ts'

interface CreateCohortInput {
  teamId: string
  name: string
  students: readonly {
    name: string
    architecture: string
    finishedModelId?: string | null
    startModelId?: string | null
    startWeightsId?: string | null
    frozenEpochs?: number | null
  }[]
  teaching?: {
    method?: TeachingMethod | null
    updateRule?: UpdateRule | null
    partnerRule?: PartnerRule | null
    temperature?: number | null
    weight?: number | null
    divergence?: Divergence | null
    featureWeight?: number | null
    targetClassWeight?: number | null
    otherClassesWeight?: number | null
    standardizesLogits?: boolean | null
    ensembleRule?: EnsembleRule | null
    peerAverageDecay?: number | null
    pausesLeader?: boolean | null
  } | null
}

/** Creates a cohort, validated field by field with the contract that the engine also uses. */
export async function createCohort(
  { database, storage }: Services,
  actor: Actor | null,
  input: CreateCohortInput,
): Promise<Cohort> {
  const { teamId } = input
  await permit({ database, actor }, 'Team', teamId, 'MEMBER')
  const name = parseInput(nameUpTo(NAME_LENGTHS.cohort), input.name, ['name'])
  const given = Object.entries(input.teaching ?? {}).filter(([, value]) => value != null)
  const finished = await findFinishedStudents(database, storage, teamId, input.students)
  const starts = await findStarts(database, storage, teamId, input.students)
  const { students, teaching } = parseInput(CohortContract, {
    students: input.students.map(({ name, architecture }, position) => {
      const weightsSha256 = finished.get(position)?.weightsSha256
      const start = starts.get(position)
      return { name, architecture, ...(weightsSha256 && { weightsSha256 }), ...(start && { start }) }
    }),
    teaching: Object.fromEntries(given),
  })
  const id = newId('Cohort')
  try {
    return await inTransaction(database, async (tx) => {
      const cohort = await tx.cohort.create({ data: { id, teamId, name, ...teaching } })
      await tx.student.createMany({
        data: students.map((student, position) => ({
          id: newId('Student'),
          teamId,
          cohortId: id,
          position,
          ...student,
          ...finished.get(position),
        })),
      })
      return cohort
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new AppError('CONFLICT', `The team has a cohort “${name}” already; choose another name.`, ['name'])
  }
}
