import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import {
  DIVERGENCES,
  ENSEMBLE_RULES,
  PARTNER_RULES,
  TEACHING_METHODS,
  Teaching,
  teachingOf,
  UPDATE_RULES,
} from '../../../contract/cohort.ts'
import { type CohortPartsFragment, CreateCohortDocument } from '../api/generated/operations.ts'
import type { TeamClient } from '../api/open-team.ts'
import { usageError } from '../outcome.ts'
import { findCohort, listCohorts } from './find.ts'

/** A cohort as people write it down; the API checks what it may be. */
const CohortFile = z.strictObject({
  name: z.string(),
  students: z.array(
    z.strictObject({
      name: z.string(),
      architecture: z.string(),
      finishedModelId: z.string().optional(),
      startModelId: z.string().optional(),
      startWeightsId: z.string().optional(),
      frozenEpochs: z.number().optional(),
    }),
  ),
  teaching: z
    .strictObject({
      method: z.enum(TEACHING_METHODS),
      updateRule: z.enum(UPDATE_RULES),
      partnerRule: z.enum(PARTNER_RULES),
      temperature: z.number(),
      weight: z.number(),
      divergence: z.enum(DIVERGENCES),
      featureWeight: z.number(),
      targetClassWeight: z.number(),
      otherClassesWeight: z.number(),
      standardizesLogits: z.boolean(),
      ensembleRule: z.enum(ENSEMBLE_RULES),
      peerAverageDecay: z.number().nullable(),
      pausesLeader: z.boolean(),
    })
    .partial()
    .optional(),
})
export type CohortFile = z.infer<typeof CohortFile>

export async function readCohortFile(file: string): Promise<CohortFile> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usageError(`${file} cannot be read (${error.code}).`)
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw usageError(`${file} is no JSON: ${(error as Error).message}`)
  }
  const parsed = CohortFile.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw usageError(`${file}${issue?.path.length ? `, ${issue.path.join('.')}` : ''}: ${issue?.message}.`)
}

export async function createCohort(
  { api, team }: TeamClient,
  cohort: CohortFile,
): Promise<CohortPartsFragment> {
  const { createCohort } = await api.ask(CreateCohortDocument, { input: { teamId: team.id, ...cohort } })
  if (!createCohort.cohort) throw new Error('the API answered neither with a cohort nor with an error')
  return createCohort.cohort
}

/** A cohort by name, by id, or by a .json file, whose cohort is created unless the team has it already. */
export async function ensureCohort(client: TeamClient, text: string): Promise<CohortPartsFragment> {
  return text.endsWith('.json') ? takeOrCreate(client, await readCohortFile(text)) : findCohort(client, text)
}

/** @throws CommandError where the team has another cohort of that name */
export async function takeOrCreate(client: TeamClient, cohort: CohortFile): Promise<CohortPartsFragment> {
  const there = (await listCohorts(client)).find(({ name }) => name === cohort.name)
  if (!there) return createCohort(client, cohort)
  if (isSame(there, cohort)) return there
  throw usageError(
    `The team has a cohort “${cohort.name}” of other students or teaching. A cohort never changes: give this one another name.`,
  )
}

function isSame(there: CohortPartsFragment, { students, teaching }: CohortFile): boolean {
  const asFile = there.students.map(({ name, architecture, finishedModel, start }) => [
    name,
    architecture,
    finishedModel?.id ?? null,
    start?.modelId ?? start?.weightsId ?? null,
    start?.frozenEpochs ?? 0,
  ])
  const wanted = students.map(({ startModelId, startWeightsId, ...student }) => [
    student.name,
    student.architecture,
    student.finishedModelId ?? null,
    startModelId ?? startWeightsId ?? null,
    student.frozenEpochs ?? 0,
  ])
  const wantedTeaching = { ...Teaching.parse({}), ...teaching }
  return (
    JSON.stringify(asFile) === JSON.stringify(wanted) &&
    JSON.stringify(teachingOf(there.teaching)) === JSON.stringify(teachingOf(wantedTeaching))
  )
}
