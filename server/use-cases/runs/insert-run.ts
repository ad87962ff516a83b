import { isDeepStrictEqual } from 'node:util'
import type { DeviceKind } from '../../../contract/devices.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import { countUnlabelled } from '../../../contract/recipes/held-out.ts'
import type { Recipe } from '../../../contract/recipes/recipe.ts'
import { checkRecipeFits } from '../../../contract/recipes/recipe-fits.ts'
import type { PresetName } from '../../../contract/recipes/recipe-presets.ts'
import { warnOfRecipe } from '../../../contract/recipes/recipe-warnings.ts'
import type { Fork } from '../../../contract/runs/fork.ts'
import type { Checkpoint, Database, DatasetVersion, Run, Transaction } from '../../../prisma/client.ts'
import { queueRun } from '../../../runs/transitions/index.ts'
import { trainRunOn } from '../../../storage/jobs/train-run.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { spendRuns } from '../budgets/key-budget.ts'
import { requireDeviceHours, requireRoomToStore } from '../quotas/require-quota.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { requireTeachable } from './require-teachable.ts'

export interface RunOrder {
  teamId: string
  createdById: string
  cohortId: string
  datasetVersionId: string
  preset: PresetName
  recipe: Recipe
  seed: number
  priority?: number
  /** Requirements on the worker; any worker if omitted. */
  device?: DeviceKind | null
  label?: string | null
  /** The first worker chooses if omitted. */
  threadsPerOperation?: number | null
  /** The run whose settings it is started from. */
  clonedFromId?: string | null
  /** The checkpoint that it goes on from. */
  forkedFrom?: ForkedFrom
  /** The key that starts it, whose budget it counts against. */
  apiKeyId: string | null
  /** Repeating a key with the same input returns the run that it created. */
  idempotencyKey?: string | null | undefined
}

export interface ForkedFrom {
  run: Pick<Run, 'id' | 'engineBuild' | 'executionMode'>
  fork: Fork
}

export interface QueuedRun {
  run: Run
  /** Reasons why the recipe is unlikely to train well. */
  warnings: string[]
}

/**
 * Inserts a QUEUED run with its first event and notifies the workers.
 * @throws AppError if no worker could train it, or too many of the team's runs are queued
 */
export async function insertRun(
  services: Services,
  version: DatasetVersion,
  order: RunOrder,
): Promise<QueuedRun> {
  const trainCount = requireTrainable(version, order.recipe)
  await requireTeachable(services.database, order.cohortId, version)
  const { run, isNew } = await insertOnce(services.database, order)
  if (isNew) await wakeWorkers(services, run)
  return { run, warnings: warnOfRecipe(order.recipe, trainCount).map(({ message }) => message) }
}

/** If the queue is unavailable, the run stays QUEUED and the workers' reconciler enqueues it later. */
export async function wakeWorkers(
  { queues, log }: Services,
  { id, device }: Pick<Run, 'id' | 'device'>,
): Promise<void> {
  try {
    await queues.enqueue(trainRunOn(device), {})
  } catch (error) {
    log.warn({ err: error, runId: id }, 'no worker was told of the run; the reconciler will')
  }
}

/** @returns the number of training images @throws AppError NOT_READY, or INVALID_INPUT where the recipe does not fit */
export function requireTrainable(version: DatasetVersion, recipe: Recipe): number {
  if (version.status !== 'READY') {
    const why =
      version.status === 'FAILED' ? `its import failed: ${version.failure}` : 'its import has not ended'
    throw new AppError('NOT_READY', `The dataset version cannot be trained on, ${why}.`, ['datasetVersionId'])
  }
  const dataset = PackedDataset.parse(version.manifest)
  const trainCount = dataset.splits.train.count
  const misfit = checkRecipeFits(recipe, trainCount, countUnlabelled(dataset))
  if (!misfit) return trainCount
  const { path, reason, most } = misfit
  throw new AppError('INVALID_INPUT', `${path}: ${reason}. Make it ${most} or less.`, ['recipe', ...path])
}

async function insertOnce(database: Database, order: RunOrder): Promise<{ run: Run; isNew: boolean }> {
  const { teamId, idempotencyKey = null } = order
  // The row lock serializes calls with the same key, so that each sees all of the team's runs.
  return withLockedRow(database, 'Team', teamId, async (tx) => {
    const earlier =
      idempotencyKey === null ? null : await tx.run.findFirst({ where: { teamId, idempotencyKey } })
    if (earlier) {
      requireSameOrder(earlier, order)
      return { run: earlier, isNew: false }
    }
    await spendRuns(tx, order.apiKeyId, 1)
    await requireDeviceHours(tx, teamId)
    await requireRoomToStore(tx, teamId, 0)
    const number = await takeNumber(tx, teamId)
    return { run: await queue(tx, { ...order, idempotencyKey, number }), isNew: true }
  })
}

async function queue(tx: Transaction, { forkedFrom, ...order }: RunOrder & { number: number }): Promise<Run> {
  if (!forkedFrom) return queueRun(tx, order)
  const { run: from, fork } = forkedFrom
  const { engineBuild, executionMode } = from
  const origin = await lockOrigin(tx, from.id, fork)
  const run = await queueRun(tx, { ...order, forkedFromId: from.id, fork, engineBuild, executionMode })
  await tx.checkpoint.create({ data: { ...origin, runId: run.id, kind: 'ORIGIN' } })
  return run
}

/**
 * Keeps a checkpoint of another run from being dropped until the fork has its own row of it; then its file stays as long as
 * the fork.
 * @throws AppError CONFLICT if it has been dropped meanwhile
 */
async function lockOrigin(tx: Transaction, runId: string, { step, sha256 }: Fork): Promise<Checkpoint> {
  // Its worker locks the run before its checkpoints. Inserting a fork locks the run, too: later, and each would wait for the
  // other.
  await tx.$queryRaw`SELECT id FROM "Run" WHERE id = ${runId} FOR KEY SHARE`
  await tx.$queryRaw`
    SELECT step FROM "Checkpoint" WHERE "runId" = ${runId} AND step = ${step} FOR SHARE`
  const checkpoint = await tx.checkpoint.findUnique({ where: { runId_step: { runId, step } } })
  if (checkpoint?.sha256 === sha256) return checkpoint
  throw new AppError(
    'CONFLICT',
    `The checkpoint of step ${step} has just made place for a newer one. Choose another.`,
    ['step'],
  )
}

/** @throws AppError if the key has already started a run of other input: its answer would be somebody's else */
function requireSameOrder(run: Run, order: RunOrder): void {
  const asked: Record<string, [unknown, unknown]> = {
    cohort: [order.cohortId, run.cohortId],
    'dataset version': [order.datasetVersionId, run.datasetVersionId],
    recipe: [order.recipe, run.recipe],
    seed: [order.seed, run.seed],
    'run to go on from': [order.forkedFrom?.run.id ?? null, run.forkedFromId],
    checkpoint: [order.forkedFrom?.fork ?? null, run.fork],
    device: [order.device ?? null, run.device],
    label: [order.label ?? null, run.label],
  }
  const others = Object.entries(asked).filter(([, [wanted, there]]) => !isDeepStrictEqual(wanted, there))
  if (others.length === 0) return
  const names = others.map(([name]) => name).join(', ')
  throw new AppError(
    'CONFLICT',
    `The key “${order.idempotencyKey}” has started run ${run.number} already, of another ${names}. Send another key for another run.`,
    ['idempotencyKey'],
  )
}

/** @throws AppError if the team's limit of queued runs is reached */
async function takeNumber(tx: Transaction, teamId: string): Promise<number> {
  const { lastRunNumber, maxQueuedRuns } = await tx.team.update({
    where: { id: teamId },
    data: { lastRunNumber: { increment: 1 } },
  })
  if ((await tx.run.count({ where: { teamId, status: 'QUEUED' } })) < maxQueuedRuns) return lastRunNumber
  throw new AppError(
    'LIMIT_EXCEEDED',
    `${maxQueuedRuns} runs of the team are waiting already. Wait, or cancel some.`,
  )
}
