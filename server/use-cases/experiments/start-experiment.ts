import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { DEVICE_KINDS, type DeviceKind, Label } from '../../../contract/devices.ts'
import { newId } from '../../../contract/ids.ts'
import { MAX_PRIORITY } from '../../../contract/limits.ts'
import { warnOfRecipe } from '../../../contract/recipes/recipe-warnings.ts'
import { ExperimentFile } from '../../../experiments/design/experiment-file.ts'
import { StoredPlan } from '../../../experiments/design/stored-plan.ts'
import type { Database, DatasetVersion, Experiment, Run, Transaction } from '../../../prisma/client.ts'
import { queueTrials } from '../../../runs/experiments/queue-trials.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { spenderOf, spendRuns } from '../budgets/key-budget.ts'
import { parseInput } from '../parse-input.ts'
import { requireDeviceHours, requireRoomToStore } from '../quotas/require-quota.ts'
import { requireTrainable, wakeWorkers } from '../runs/insert-run.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { readDesign, type SharedDesign } from './read-design.ts'
import { startArms } from './start-arms.ts'

/** The same on every machine, so that an experiment gives the same figures wherever its runs are trained. */
const USUAL_THREADS = 1
/** Hundreds of runs are queued in one transaction. */
export const QUEUE_TIMEOUT_MS = 120_000

const Wishes = z.object({
  device: z.enum(DEVICE_KINDS).nullish(),
  label: Label.nullish(),
  priority: z.int().min(-MAX_PRIORITY).max(MAX_PRIORITY).nullish(),
  idempotencyKey: z.string().min(1, 'at least one character').max(80, 'at most 80 characters').nullish(),
})

interface StartExperimentInput {
  datasetVersionId: string
  experiment: unknown
  device?: DeviceKind | null
  label?: string | null
  priority?: number | null
  idempotencyKey?: string | null
}

export interface StartedExperiment {
  experiment: Experiment
  /** What makes it unlikely to show anything; it is queued all the same. */
  warnings: string[]
}

/**
 * Queues every trial of an experiment on a dataset version: checks everything that can be checked before a worker spends
 * time on it, inserts experiment, cohorts and runs in one transaction, and notifies the workers.
 */
export async function startExperiment(
  services: Services,
  actor: Actor | null,
  input: StartExperimentInput,
): Promise<StartedExperiment> {
  const { database } = services
  const version = await permit({ database, actor }, 'DatasetVersion', input.datasetVersionId, 'MEMBER')
  const wishes = parseInput(Wishes, input)
  const design = readDesign(input.experiment)
  const file = ExperimentFile.parse(input.experiment)
  const plan: StoredPlan = {
    file,
    conditions: design.conditions,
    arms: await startArms(services, version.teamId, file, design.arms),
    threadsPerOperation: design.threadsPerOperation ?? USUAL_THREADS,
  }
  const warnings = [...warnOfSeeds(design), ...warnOfRecipes(version, design)]
  const present = requireActor(actor)
  const by = { createdById: present.userId, apiKeyId: spenderOf(present) }
  const { experiment, runs } = await insertOnce(database, version, { plan, ...by, ...wishes })
  for (const run of runs) await wakeWorkers(services, run)
  return { experiment, warnings }
}

function warnOfSeeds({ seeds }: SharedDesign): string[] {
  return seeds.length > 1
    ? []
    : [
        'There is only one seed, so an effect cannot be told from chance. Add seeds; five show more than three.',
      ]
}

/** @throws AppError NOT_READY, or INVALID_INPUT where a condition's recipe does not fit */
function warnOfRecipes(version: DatasetVersion, { conditions }: SharedDesign): string[] {
  const warnings = conditions.flatMap(({ recipe }) =>
    warnOfRecipe(recipe, requireTrainable(version, recipe)).map(({ message }) => message),
  )
  return [...new Set(warnings)]
}

type Order = z.infer<typeof Wishes> & { plan: StoredPlan; createdById: string; apiKeyId: string | null }

async function insertOnce(
  database: Database,
  { id: datasetVersionId, teamId }: DatasetVersion,
  { plan, createdById, idempotencyKey = null, ...wishes }: Order,
): Promise<{ experiment: Experiment; runs: Run[] }> {
  const insert = async (tx: Transaction) => {
    const earlier =
      idempotencyKey === null ? null : await tx.experiment.findFirst({ where: { teamId, idempotencyKey } })
    if (earlier) {
      requireSamePlan(earlier, { plan, datasetVersionId })
      return { experiment: earlier, runs: [] }
    }
    const team = await tx.team.update({ where: { id: teamId }, data: { experimentsMade: { increment: 1 } } })
    const { title, seeds } = plan.file
    const names = { id: newId('Experiment'), number: team.experimentsMade, title }
    const experiment = await tx.experiment.create({
      data: { ...names, teamId, datasetVersionId, createdById, plan, idempotencyKey },
    })
    const runs = await queueTrials(tx, experiment, seeds, { ...wishes, priority: wishes.priority ?? 0 })
    await spendRuns(tx, wishes.apiKeyId, runs.length)
    await requireRoom(tx, teamId)
    return { experiment, runs }
  }
  return withLockedRow(database, 'Team', teamId, insert, QUEUE_TIMEOUT_MS)
}

/** Seeds may have been added since. @throws AppError CONFLICT where the key has started another experiment */
function requireSamePlan(earlier: Experiment, asked: { plan: StoredPlan; datasetVersionId: string }): void {
  const stored = StoredPlan.parse(earlier.plan)
  const { seeds } = asked.plan.file
  const ofThoseSeeds = {
    ...stored,
    file: { ...stored.file, seeds: stored.file.seeds.slice(0, seeds.length) },
  }
  // As it is read back from JSON.
  const plan = StoredPlan.parse(JSON.parse(JSON.stringify(asked.plan)))
  if (earlier.datasetVersionId === asked.datasetVersionId && isDeepStrictEqual(ofThoseSeeds, plan)) return
  throw new AppError(
    'CONFLICT',
    `The key “${earlier.idempotencyKey}” has started experiment ${earlier.number} already, of another design. Send another key for another experiment.`,
    ['idempotencyKey'],
  )
}

/** Undoes the transaction where the team has more runs waiting than it may, or no device hours or storage left. @throws AppError LIMIT_EXCEEDED */
export async function requireRoom(tx: Transaction, teamId: string): Promise<void> {
  await requireDeviceHours(tx, teamId)
  await requireRoomToStore(tx, teamId, 0)
  const { maxQueuedRuns } = await tx.team.findUniqueOrThrow({ where: { id: teamId } })
  const queued = await tx.run.count({ where: { teamId, status: 'QUEUED' } })
  if (queued <= maxQueuedRuns) return
  throw new AppError(
    'LIMIT_EXCEEDED',
    `With the experiment ${queued} runs of the team would wait; ${maxQueuedRuns} may. Take fewer seeds or arms, or wait until others have ended.`,
  )
}
