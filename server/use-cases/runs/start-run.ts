import { z } from 'zod'
import { DEVICE_KINDS, type DeviceKind, Label } from '../../../contract/devices.ts'
import { PRESET_NAMES } from '../../../contract/recipes/recipe-presets.ts'
import { Seed } from '../../../contract/seed.ts'
import { ThreadsPerOperation } from '../../../contract/training.ts'
import type { Run } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { spenderOf } from '../budgets/key-budget.ts'
import { parseInput } from '../parse-input.ts'
import { resolveSentRecipe } from '../recipes/resolve-sent-recipe.ts'
import { insertRun, type QueuedRun } from './insert-run.ts'

const Input = z.object({
  cohortId: z.string(),
  datasetVersionId: z.string(),
  preset: z.enum(PRESET_NAMES, {
    error: (issue) => `there is no preset “${String(issue.input)}”; choose one of ${PRESET_NAMES.join(', ')}`,
  }),
  seed: Seed,
  device: z.enum(DEVICE_KINDS).nullish(),
  label: Label.nullish(),
  threadsPerOperation: ThreadsPerOperation.nullish(),
  idempotencyKey: z.string().min(1, 'at least one character').max(80, 'at most 80 characters').nullish(),
})

interface StartRunInput {
  cohortId: string
  datasetVersionId: string
  preset?: string | null
  recipe?: unknown
  seed?: number | null
  device?: DeviceKind | null
  label?: string | null
  threadsPerOperation?: number | null
  sourceRunId?: string | null
  idempotencyKey?: string | null
}

/**
 * Queues the training of a cohort on a dataset version: checks everything that can be checked before a worker
 * spends time on it, inserts the run with its first event in one transaction, and notifies the workers.
 */
export async function startRun(
  services: Services,
  actor: Actor | null,
  input: StartRunInput,
): Promise<QueuedRun> {
  const { database } = services
  const { teamId } = await permit({ database, actor }, 'Cohort', input.cohortId, 'MEMBER')
  const order = parseInput(Input, { ...input, preset: input.preset ?? 'quick', seed: input.seed ?? 1 })
  const version = await database.datasetVersion.findUnique({ where: { id: order.datasetVersionId } })
  if (version?.teamId !== teamId) throw notFound('dataset version', ['datasetVersionId'])
  const source =
    input.sourceRunId == null ? null : await database.run.findUnique({ where: { id: input.sourceRunId } })
  if (input.sourceRunId != null && source?.teamId !== teamId) throw notFound('run', ['sourceRunId'])
  const recipe = resolveSentRecipe(order.preset, input.recipe)
  const present = requireActor(actor)
  return insertRun(services, version, {
    ...order,
    ...(source && placeOf(source, order)),
    ...{ teamId, recipe, createdById: present.userId, apiKeyId: spenderOf(present) },
    clonedFromId: source?.id,
  })
}

/** Where and when a run is trained: as the one whose settings it is started from, but for what is said of itself. */
function placeOf(source: Run, { device, label, threadsPerOperation }: z.output<typeof Input>) {
  return {
    priority: source.priority,
    device: device ?? source.device,
    label: label ?? source.label,
    threadsPerOperation: threadsPerOperation ?? source.threadsPerOperation,
  }
}
