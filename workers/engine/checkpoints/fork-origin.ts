/** A checkpoint as what other runs go on from. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { Cohort } from '../../../contract/cohort.ts'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import { changesBetween, checkFork, type Fork } from '../../../contract/runs/fork.ts'
import { Seed } from '../../../contract/seed.ts'
import { ThreadsPerOperation, type TrainingOrder } from '../../../contract/training.ts'
import type { CohortProgram } from '../cohort-program.ts'
import { decodeSafetensors, type SafetensorsFile } from '../safetensors.ts'
import { unpackBest } from './best-on-validation.ts'
import type { Checkpoint } from './checkpoint-store.ts'
import { type OrderParts, orderParts, readForkPart, readParts } from './order-identity.ts'

/** Why a checkpoint cannot be gone on from, as a sentence without its full stop. */
export class ForkError extends Error {}

/** A checkpoint with the run that it is of. */
export interface ForkOrigin extends Checkpoint {
  sha256: string
  cohort: Cohort
  recipe: Recipe
  seed: number
  threadsPerOperation: number | undefined
  /** How its run had been forked itself. */
  fork: Fork | undefined
  parts: OrderParts
}

/** Everything that must be as it was, or who stays would not go on as it would have. */
const SAME = {
  seed: 'seed',
  threadsPerOperation: 'number of threads per operation',
  dataset: 'dataset',
  engineVersion: 'engine version',
} as const

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(schema)
const Metadata = z.looseObject({
  format: z.literal('studyhall-checkpoint-1'),
  step: json(z.int().min(1)),
  testTop1: json(z.number().nullable()),
  cohort: json(Cohort),
  recipe: json(Recipe),
  seed: json(Seed),
  threadsPerOperation: z.union([
    z.literal('not recorded').transform(() => undefined),
    json(ThreadsPerOperation),
  ]),
})

/** @throws ForkError if the file is missing or no checkpoint */
export function readForkOrigin(path: string): ForkOrigin {
  const content = read(path)
  const { tensors, metadata } = decode(content)
  const told = parseMetadata(metadata)
  const all = new Map(tensors.map(({ name, values }) => [name, values]))
  const parts = readParts(metadata)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { ...told, ...unpackBest(all, metadata), sha256, parts, fork: readForkPart(parts) }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new ForkError(`the checkpoint cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

function decode(content: Buffer): SafetensorsFile {
  try {
    return decodeSafetensors(content)
  } catch {
    throw new ForkError('the file is no checkpoint, or is damaged')
  }
}

function parseMetadata(metadata: Record<string, string>) {
  try {
    const { step, testTop1, cohort, recipe, seed, threadsPerOperation } = Metadata.parse(metadata)
    return { step, testTop1, cohort, recipe, seed, threadsPerOperation }
  } catch {
    throw new ForkError('the file is no checkpoint of a run of this version of the engine')
  }
}

/**
 * Sets what who stays has learned, as it was after the checkpoint's step; newcomers keep the initial weights that their
 * names draw, with the optimizer's state at 0.
 * @returns where the run goes on, and the best so far where that is of the same students
 * @throws ForkError
 */
export function goOnFrom(
  fork: Fork,
  order: TrainingOrder,
  program: Pick<CohortProgram, 'readState' | 'writeState'>,
): Pick<Checkpoint, 'step' | 'testTop1' | 'best'> {
  const origin = readForkOrigin(order.blobPaths[fork.sha256] ?? '')
  requireForkable(origin, order)
  const { stay, join, leave } = changesBetween(origin.cohort, order.cohort)
  const state = program.readState()
  for (const [name, values] of state) {
    const student = stay.find((one) => name.startsWith(`${one.name}/`))
    if (!student) continue
    // An average of peers that the run did not have begins, as any does, with the weights.
    const before = origin.state.get(name) ?? origin.state.get(name.replace(/\/peer_average$/, ''))
    if (before?.length !== values.length) throw new ForkError(`the checkpoint has no ${name} that fits`)
    state.set(name, before)
  }
  program.writeState(state)
  const { step, testTop1, best } = origin
  const isSameCohort = join.length === 0 && leave.length === 0
  return isSameCohort ? { step, testTop1, best } : { step, testTop1: null }
}

/** @throws ForkError where who stays could not go on as it would have, or anything else forbids the order's fork */
export function requireForkable(
  origin: Pick<ForkOrigin, 'sha256' | 'step' | 'parts' | 'cohort' | 'recipe'>,
  order: TrainingOrder,
): void {
  const { fork, dataset } = order
  if (origin.sha256 !== fork?.sha256 || origin.step !== fork.step)
    throw new ForkError('the checkpoint’s file has changed since it was written')
  const wanted = orderParts(order)
  const parts = Object.keys(SAME) as (keyof typeof SAME)[]
  const other = parts.find((part) => origin.parts[part] !== wanted[part])
  if (other)
    throw new ForkError(`the checkpoint has another ${SAME[other]}, and who stays could not go on to the bit`)
  const misfit = checkFork(origin, order, { step: fork.step, dataset })
  if (misfit) throw new ForkError(`${misfit.path.join('.')}: ${misfit.reason}`)
}
