/** The inputs that determine a run: two orders that agree in all parts train bit-identical students. */
import { createHash } from 'node:crypto'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { Fork } from '../../../contract/runs/fork.ts'
import type { TrainingOrder } from '../../../contract/training.ts'
import { ENGINE_VERSION } from '../version.ts'

export const ORDER_PARTS = [
  'cohort',
  'recipe',
  'seed',
  'threadsPerOperation',
  'dataset',
  'engineVersion',
  'fork',
] as const
export type OrderParts = Record<(typeof ORDER_PARTS)[number], string>

/** The part of orders that begin with their first step, and of checkpoints from before there were forks. */
const NO_FORK = 'none'

/** Identifies the dataset by its manifest, which references every blob by hash. */
export function datasetSha256(dataset: PackedDataset): string {
  return sha256(JSON.stringify(dataset))
}

/** Every part in full, serialized. */
export function orderParts({
  cohort,
  recipe,
  seed,
  threadsPerOperation,
  dataset,
  fork,
}: TrainingOrder): OrderParts {
  return {
    cohort: canonicalJson(cohort),
    recipe: canonicalJson(recipe),
    seed: String(seed),
    threadsPerOperation: String(threadsPerOperation ?? 'not recorded'),
    dataset: datasetSha256(dataset),
    engineVersion: ENGINE_VERSION,
    fork: fork ? canonicalJson(fork) : NO_FORK,
  }
}

/** @param parts  as a checkpoint tells them */
export function readParts(parts: Readonly<Record<string, string>>): OrderParts {
  return { fork: NO_FORK, ...parts } as OrderParts
}

/** How the run of a checkpoint was forked itself. */
export function readForkPart({ fork }: OrderParts): Fork | undefined {
  return fork === NO_FORK ? undefined : Fork.parse(JSON.parse(fork))
}

export function digestParts(parts: OrderParts): OrderParts {
  const told = {
    ...parts,
    cohort: withoutLater(parts.cohort, LATER_TEACHING),
    recipe: withoutLater(parts.recipe, LATER_RECIPE),
  }
  const entries = ORDER_PARTS.map((part) => [part, sha256(told[part])])
  return Object.fromEntries(entries) as OrderParts
}

/**
 * Settings that orders once did not have, at what was done then. In digests they are left out, so that a run that was
 * interrupted before goes on from its checkpoints.
 */
const LATER_RECIPE = { classSampling: 'NATURAL' }
const LATER_TEACHING = {
  targetClassWeight: 1,
  otherClassesWeight: 8,
  standardizesLogits: false,
  ensembleRule: 'MEAN_POSTERIOR',
  peerAverageDecay: null,
  pausesLeader: false,
}

function withoutLater(part: string, later: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(JSON.parse(part), (key, value: unknown) =>
    Object.hasOwn(later, key) && later[key] === value ? undefined : value,
  )
}

/** The digest of a manifest from before there were forks. */
export const NO_FORK_DIGEST = sha256(NO_FORK)

/** The parts in which two orders differ. */
export function differingParts(a: OrderParts, b: OrderParts): string[] {
  return ORDER_PARTS.filter((part) => a[part] !== b[part])
}

/** Serializes equal values identically, whatever the order of their keys. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, nested: unknown) =>
    nested !== null && typeof nested === 'object' && !Array.isArray(nested)
      ? Object.fromEntries(Object.entries(nested).sort(([a], [b]) => (a < b ? -1 : 1)))
      : nested,
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
