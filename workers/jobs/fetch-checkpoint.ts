import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Checkpoint, Database } from '../../prisma/client.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'

/**
 * Downloads the latest intact checkpoint of its own of a run into the training's folder. A damaged or missing one is
 * warned about, and the one before it is tried.
 * @returns undefined if the run starts from its first step, or from the checkpoint that it is a fork of
 */
export async function fetchNewestCheckpoint(
  database: Database,
  storage: BlobStorage,
  runId: string,
  folder: string,
  warn: (message: string) => void,
): Promise<Checkpoint | undefined> {
  const newestFirst = await database.checkpoint.findMany({
    where: { runId, kind: { not: 'ORIGIN' } },
    orderBy: { step: 'desc' },
  })
  for (const checkpoint of newestFirst) {
    try {
      await copyVerified(storage, checkpoint, folder)
      return checkpoint
    } catch (error) {
      if (isLocalDiskFull(error)) throw error
      const why = error instanceof Error ? error.message : String(error)
      warn(`The checkpoint of step ${checkpoint.step} is not used: ${why}.`)
    }
  }
  return undefined
}

/** Uses the engine's own naming scheme, by which the engine finds the file. */
async function copyVerified(
  storage: BlobStorage,
  { step, sha256 }: Checkpoint,
  folder: string,
): Promise<void> {
  const file = path.join(folder, `step-${step}-${sha256.slice(0, 8)}.safetensors`)
  const hash = createHash('sha256')
  try {
    await pipeline(
      storage.read(sha256),
      async function* (chunks) {
        for await (const chunk of chunks as AsyncIterable<Buffer>) {
          hash.update(chunk)
          yield chunk
        }
      },
      createWriteStream(file),
    )
    if (hash.digest('hex') !== sha256) throw new Error('its file has changed since it was written')
  } catch (error) {
    await rm(file, { force: true })
    throw error
  }
}

/** A full disk on this worker says nothing about the checkpoint. */
function isLocalDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '')
}
