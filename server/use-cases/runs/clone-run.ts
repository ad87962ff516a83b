import { z } from 'zod'
import { Recipe, RecipeOverrides } from '../../../contract/recipes/recipe.ts'
import type { PresetName } from '../../../contract/recipes/recipe-presets.ts'
import { Seed } from '../../../contract/seed.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import type { Services } from '../../services.ts'
import { spenderOf } from '../budgets/key-budget.ts'
import { parseInput, toAppError } from '../parse-input.ts'
import { insertRun, type QueuedRun } from './insert-run.ts'

const Input = z.object({
  seed: Seed.nullish(),
  idempotencyKey: z.string().min(1, 'at least one character').max(80, 'at most 80 characters').nullish(),
})

interface CloneRunInput {
  runId: string
  recipe?: unknown
  seed?: number | null
  idempotencyKey?: string | null
}

/** Queues a run with the same cohort, dataset version, recipe and seed, apart from the given changes. */
export async function cloneRun(
  services: Services,
  actor: Actor | null,
  input: CloneRunInput,
): Promise<QueuedRun> {
  const run = await permit({ database: services.database, actor }, 'Run', input.runId, 'MEMBER')
  const present = requireActor(actor)
  const { seed, idempotencyKey } = parseInput(Input, input)
  const { teamId, cohortId, datasetVersionId, priority, device, label, threadsPerOperation } = run
  const version = await services.database.datasetVersion.findUniqueOrThrow({
    where: { id: datasetVersionId },
  })
  return insertRun(services, version, {
    teamId,
    cohortId,
    datasetVersionId,
    priority,
    device,
    label,
    threadsPerOperation,
    createdById: present.userId,
    apiKeyId: spenderOf(present),
    preset: run.preset as PresetName,
    recipe: changeRecipe(run.recipe, input.recipe ?? {}),
    seed: seed ?? run.seed,
    clonedFromId: run.id,
    idempotencyKey,
  })
}

/** Replaces some of a recipe's keys; nested objects are replaced, not merged. */
export function changeRecipe(recipe: unknown, changes: unknown): Recipe {
  try {
    return Recipe.parse({ ...(recipe as object), ...RecipeOverrides.parse(changes) })
  } catch (error) {
    if (error instanceof z.ZodError) throw toAppError(error, ['recipe'])
    throw error
  }
}
