import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { MAX_WEIGHT_BYTES, WEIGHTS_FILE } from '../../contract/exports.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { readZipEntry } from '../../storage/read-zip-entry.ts'

/** Writes a model's weights to a folder. @returns the file, or null where they are no longer in the storage */
export async function fetchWeights(
  storage: BlobStorage,
  sha256: string | undefined,
  folder: string,
  name: string,
): Promise<string | null> {
  if (!sha256 || !(await storage.has(sha256))) return null
  const weights = await readZipEntry(await storage.fetchLocal(sha256), WEIGHTS_FILE, MAX_WEIGHT_BYTES)
  if (!weights) return null
  const file = path.join(folder, `${name}.safetensors`)
  await writeFile(file, weights)
  return file
}
