import { z } from 'zod'
import { Cohort, teachingOf } from '../../../contract/cohort.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import type { PresetName } from '../../../contract/recipes/recipe-presets.ts'
import { checkFork, Fork, joinedAfter } from '../../../contract/runs/fork.ts'
import { studentOf } from '../../../contract/starting-weights.ts'
import type { Checkpoint, Database, Run, Student } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { spenderOf } from '../budgets/key-budget.ts'
import { parseInput } from '../parse-input.ts'
import { changeRecipe } from '../runs/clone-run.ts'
import { insertRun, type QueuedRun } from '../runs/insert-run.ts'
import { misfitOfPatience } from './stopped-early.ts'

const Input = z.object({
  step: z.int().min(1).nullish(),
  idempotencyKey: z.string().min(1, 'at least one character').max(80, 'at most 80 characters').nullish(),
})

interface ForkRunInput {
  runId: string
  step?: number | null
  cohortId?: string | null
  recipe?: unknown
  idempotencyKey?: string | null
}

/**
 * Queues a run that goes on from a checkpoint of another one, which may still be trained, with the same dataset version,
 * seed and threads per operation; students of the cohort who have the names of the run's students stay.
 */
export async function forkRun(
  services: Services,
  actor: Actor | null,
  input: ForkRunInput,
): Promise<QueuedRun> {
  const { database } = services
  const from = await permit({ database, actor }, 'Run', input.runId, 'MEMBER')
  const present = requireActor(actor)
  const { step, idempotencyKey } = parseInput(Input, input)
  const { teamId, datasetVersionId, priority, device, label, threadsPerOperation, seed } = from
  const cohortId = input.cohortId ?? from.cohortId
  const [before, after] = await Promise.all([
    readCohort(database, from.cohortId),
    readCohort(database, cohortId),
  ])
  if (after.teamId !== teamId) throw notFound('cohort', ['cohortId'])
  const recipe = changeRecipe(from.recipe, input.recipe ?? {})
  const version = await database.datasetVersion.findUniqueOrThrow({ where: { id: datasetVersionId } })
  const repeated = await findRepeated(database, from, step ?? null, idempotencyKey)
  const { step: at, sha256 } = repeated ?? (await findOrigin(services, from, step ?? null))
  const parent = { cohort: before.cohort, recipe: Recipe.parse(from.recipe) }
  const place = { step: at, dataset: PackedDataset.parse(version.manifest) }
  const fork = { cohort: after.cohort, recipe }
  const misfit = checkFork(parent, fork, place) ?? misfitOfPatience(from, parent, fork, at)
  if (misfit) throw new AppError('INVALID_INPUT', sentence(misfit.reason), pathOf(misfit.path))
  const joined = joinedAfter({ cohort: before.cohort, fork: forkOf(from) }, after.cohort, at)
  return insertRun(services, version, {
    ...{ teamId, cohortId, datasetVersionId, priority, device, label, threadsPerOperation, seed, recipe },
    createdById: present.userId,
    apiKeyId: spenderOf(present),
    preset: from.preset as PresetName,
    forkedFrom: { run: from, fork: { sha256, step: at, joined } },
    idempotencyKey,
  })
}

export interface ForkCohort {
  teamId: string
  students: Student[]
  cohort: Cohort
}

export async function readCohort(database: Database, id: string): Promise<ForkCohort> {
  const row = await database.cohort.findUnique({
    where: { id },
    include: { students: { orderBy: { position: 'asc' } } },
  })
  if (!row) throw notFound('cohort', ['cohortId'])
  const { teamId, students } = row
  return {
    ...{ teamId, students },
    cohort: Cohort.parse({ students: students.map(studentOf), teaching: teachingOf(row) }),
  }
}

/** The checkpoint that the key has started a fork from, which the run may have dropped since. */
async function findRepeated(
  database: Database,
  { id: forkedFromId, teamId }: Run,
  step: number | null,
  idempotencyKey: string | null | undefined,
): Promise<Checkpoint | null> {
  if (!idempotencyKey) return null
  const earlier = { teamId, idempotencyKey, forkedFromId }
  return database.checkpoint.findFirst({
    where: { kind: 'ORIGIN', run: earlier, ...(step !== null && { step }) },
  })
}

/** @param step  null for the newest @throws AppError where the run has no such checkpoint, or its file is gone */
async function findOrigin(
  { database, storage }: Services,
  { id: runId, number }: Run,
  step: number | null,
): Promise<Checkpoint> {
  // A fork's own origin is a checkpoint of the run before it.
  const newestFirst = await database.checkpoint.findMany({
    where: { runId, kind: { not: 'ORIGIN' } },
    orderBy: { step: 'desc' },
  })
  const wanted = step === null ? newestFirst[0] : newestFirst.find((one) => one.step === step)
  if (!wanted) {
    const steps = newestFirst.map((one) => one.step).join(', ')
    const reason = steps ? `it has those of steps ${steps}` : 'it has none yet'
    const what = step === null ? 'no checkpoint' : `no checkpoint of step ${step}`
    throw new AppError('INVALID_INPUT', `Run ${number} has ${what}: ${reason}.`, ['step'])
  }
  if (await storage.has(wanted.sha256)) return wanted
  throw new AppError(
    'CONFLICT',
    `The file of run ${number}’s checkpoint of step ${wanted.step} is missing from the storage. Choose another.`,
    ['step'],
  )
}

/** How a run had been forked itself. */
export function forkOf({ fork }: Pick<Run, 'fork'>): Fork | null {
  return fork === null ? null : Fork.parse(fork)
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
}

/** Students and teaching are the cohort's. */
function pathOf([first, ...rest]: string[]): string[] {
  return first === 'recipe' ? ['recipe', ...rest] : ['cohortId']
}
