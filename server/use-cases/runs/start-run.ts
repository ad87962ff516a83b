import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import { PackedDataset } from '../../../contract/packed-dataset.ts'
import { PRESET_NAMES, type Recipe, resolveRecipe } from '../../../contract/recipe.ts'
import type { Cohort, Database, DatasetVersion, Run } from '../../../prisma/client.ts'
import { recordRunEvent } from '../../../prisma/run-events.ts'
import { type Actor, requireRole } from '../../access/actor.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { parseInput, toAppError } from '../parse-input.ts'

const MAX_WAITING_RUNS_A_TEAM = 200

const Input = z.object({
  cohortId: z.string(),
  datasetVersionId: z.string(),
  preset: z.enum(PRESET_NAMES, {
    error: (issue) => `there is no preset “${String(issue.input)}”; choose one of ${PRESET_NAMES.join(', ')}`,
  }),
  seed: z
    .int()
    .min(0, 'a seed is not negative')
    .max(2 ** 31 - 1),
  idempotencyKey: z.string().min(1, 'at least one character').max(80, 'at most 80 characters').nullish(),
})

interface StartRunInput {
  cohortId: string
  datasetVersionId: string
  preset?: string | null
  recipe?: unknown
  seed?: number | null
  idempotencyKey?: string | null
}

/**
 * Queues the training of a cohort on a dataset version: checks everything that can be checked before a worker
 * spends time on it, inserts the run with its first event in one transaction, and tells the workers.
 */
export async function startRun(services: Services, actor: Actor | null, input: StartRunInput): Promise<Run> {
  const { database } = services
  const cohort = await database.cohort.findUnique({ where: { id: input.cohortId } })
  const member = await requireRole(database, actor, {
    teamId: cohort?.teamId,
    atLeast: 'MEMBER',
    noun: 'cohort',
    path: ['cohortId'],
  })
  const order = parseInput(Input, { ...input, preset: input.preset ?? 'quick', seed: input.seed ?? 1 })
  const version = await database.datasetVersion.findUnique({ where: { id: order.datasetVersionId } })
  if (version?.teamId !== cohort!.teamId) throw notFound('dataset version', ['datasetVersionId'])
  const recipe = resolve(order.preset, input.recipe)
  requireTrainable(version, recipe)
  const { run, isNew } = await insertRun(database, cohort!, {
    ...order,
    recipe,
    createdById: member.actor.userId,
  })
  if (isNew) await enqueue(services, run.id)
  return run
}

function resolve(preset: (typeof PRESET_NAMES)[number], overrides: unknown): Recipe {
  try {
    return resolveRecipe(preset, overrides ?? {})
  } catch (error) {
    if (error instanceof z.ZodError) throw toAppError(error, ['recipe'])
    throw error
  }
}

function requireTrainable(version: DatasetVersion, recipe: Recipe): void {
  if (version.status !== 'READY') {
    const why =
      version.status === 'FAILED' ? `its import failed: ${version.failure}` : 'its import has not ended'
    throw new AppError('NOT_READY', `The dataset version cannot be trained on, ${why}.`, ['datasetVersionId'])
  }
  const pictures = PackedDataset.parse(version.manifest).splits.train.count
  if (recipe.batchSize <= pictures) return
  throw new AppError(
    'INVALID_INPUT',
    `batchSize: a batch of ${recipe.batchSize} is larger than the ${pictures} training pictures. Make it ${pictures} or less.`,
    ['recipe', 'batchSize'],
  )
}

type Order = z.output<typeof Input> & { recipe: Recipe; createdById: string }

/** The team's row lock, taken with the run's number, also keeps two calls with one key from both inserting. */
function insertRun(database: Database, cohort: Cohort, order: Order): Promise<{ run: Run; isNew: boolean }> {
  const { teamId } = cohort
  const { idempotencyKey } = order
  return database.$transaction(async (tx) => {
    const [team] = await tx.$queryRaw<{ lastRunNumber: number }[]>`
      SELECT "lastRunNumber" FROM "Team" WHERE id = ${teamId} FOR UPDATE`
    const earlier = idempotencyKey && (await tx.run.findFirst({ where: { teamId, idempotencyKey } }))
    if (earlier) return { run: earlier, isNew: false }
    if ((await tx.run.count({ where: { teamId, status: 'QUEUED' } })) >= MAX_WAITING_RUNS_A_TEAM) {
      throw new AppError(
        'LIMIT_EXCEEDED',
        `${MAX_WAITING_RUNS_A_TEAM} runs of the team are waiting already. Wait, or cancel some.`,
      )
    }
    const number = team!.lastRunNumber + 1
    await tx.team.update({ where: { id: teamId }, data: { lastRunNumber: number } })
    const id = newId('Run')
    await tx.run.create({ data: { ...order, id, teamId, number } })
    await recordRunEvent(tx, id, null, {
      kind: 'STATUS',
      status: 'QUEUED',
      phase: null,
      attempt: 1,
      failure: null,
    })
    return { run: await tx.run.findUniqueOrThrow({ where: { id } }), isNew: true }
  })
}

/** Where the queue is away the run stays QUEUED, and the workers' reconciler enqueues it later. */
async function enqueue({ queues, log }: Services, runId: string): Promise<void> {
  try {
    await queues.enqueueTrainRun({ runId })
  } catch (error) {
    log.warn({ error, runId }, 'the run was not enqueued; the reconciler will')
  }
}
