import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from './durable-file.ts'
import { NO_FORK_DIGEST, ORDER_PARTS } from './order-identity.ts'

const FILE_NAME = 'manifest.json'
/** A checkpoint's file name, with the first characters of its hash. */
export const CHECKPOINT_FILE = /^step-\d+-([0-9a-f]{8})\.safetensors$/

const Entry = z.strictObject({
  /** File name within the manifest's folder. */
  file: z.string().regex(CHECKPOINT_FILE),
  step: z.int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(1),
  /** Mean over the students; null if no evaluation was due, or it had not been done yet. */
  testTop1: z.number().nullable(),
  /** A digest per part of the order that the checkpoint belongs to. */
  order: z
    .strictObject(
      Object.fromEntries(ORDER_PARTS.map((part) => [part, z.string()])) as Record<
        (typeof ORDER_PARTS)[number],
        z.ZodString
      >,
    )
    .extend({ fork: z.string().default(NO_FORK_DIGEST) }),
})
export type ManifestEntry = z.infer<typeof Entry>

const Manifest = z.strictObject({ format: z.literal('studyhall-checkpoints-1'), checkpoints: z.array(Entry) })

/**
 * The checkpoints in a folder, in the order in which they were written; undefined if there is no manifest.
 * @throws if there is a manifest that cannot be read
 */
export async function readManifest(folder: string): Promise<ManifestEntry[] | undefined> {
  try {
    return Manifest.parse(JSON.parse(await readFile(join(folder, FILE_NAME), 'utf8'))).checkpoints
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export async function writeManifest(folder: string, checkpoints: ManifestEntry[]): Promise<void> {
  const manifest: z.infer<typeof Manifest> = { format: 'studyhall-checkpoints-1', checkpoints }
  await writeDurably(join(folder, FILE_NAME), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`))
}
