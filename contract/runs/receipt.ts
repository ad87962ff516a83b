/** A run's receipt: hashes of everything that its result depends on, and of what it came to, step by step. */
import { z } from 'zod'
import { Cohort } from '../cohort.ts'
import { PreparedBy } from '../packed/manifest.ts'
import { Recipe } from '../recipes/recipe.ts'
import { Seed } from '../seed.ts'
import { ThreadsPerOperation } from '../training.ts'
import { Fork } from './fork.ts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** The first half of a tensor's SHA-256: there are hundreds of tensors, and nobody forges weights to 128 bits. */
const TensorHash = z.string().regex(/^[0-9a-f]{32}$/)

/** Of the students' weights after a step. */
export const WeightHashes = z.strictObject({
  step: z.int().min(1),
  /** By `student/layer/weight`, in the order of the training process. */
  tensors: z.record(z.string().max(300), TensorHash),
})
export type WeightHashes = z.infer<typeof WeightHashes>

/** Versions by name: `node`, `tensorflow` and so on. */
export const Libraries = z.record(z.string().max(60), z.string().max(100))
export type Libraries = z.infer<typeof Libraries>

export const Receipt = z.strictObject({
  format: z.literal('studyhall-receipt-1'),
  run: z.strictObject({ id: z.string(), number: z.int(), finishedAt: z.string() }),
  dataset: z.strictObject({
    name: z.string(),
    version: z.int(),
    /** How its images were prepared, so that they can be packed again. */
    height: z.int(),
    width: z.int(),
    channels: z.union([z.literal(1), z.literal(3)]),
    preparation: PreparedBy,
    /** Of the packed form's manifest as canonical JSON, which has the hash of every image shard and of the labels. */
    sha256: Sha256,
  }),
  cohort: Cohort,
  /** Missing of a run that begins with its first step; the hash covers weights, optimizer state and position. */
  fork: Fork.extend({ run: z.strictObject({ id: z.string(), number: z.int() }).nullable() }).optional(),
  recipe: Recipe,
  seed: Seed,
  threadsPerOperation: ThreadsPerOperation.nullable(),
  engineBuild: z.string().nullable(),
  /** The model of the processor or graphics card that did the last steps. */
  device: z.string().max(500),
  libraries: Libraries,
  /** After a few steps and after the last. */
  weights: z.array(WeightHashes).min(1),
  /** Of the evaluation as canonical JSON. */
  evaluationSha256: Sha256,
})
export type Receipt = z.infer<typeof Receipt>

export const SignedReceipt = z.strictObject({
  receipt: Receipt,
  signature: z.strictObject({
    algorithm: z.literal('Ed25519'),
    /** DER (SPKI), base64url; the same in every receipt of an instance. */
    publicKey: z.string().max(200),
    /** Of the receipt as canonical JSON, base64url. */
    value: z.string().max(200),
  }),
})
export type SignedReceipt = z.infer<typeof SignedReceipt>

/** The same text for equal values: keys sorted, no spaces. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
