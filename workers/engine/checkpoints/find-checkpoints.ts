import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeSafetensors } from '../safetensors.ts'
import { CHECKPOINT_FILE, type ManifestEntry } from './manifest.ts'
import { digestParts, readParts } from './order-identity.ts'

/**
 * Recovers the checkpoints of a folder whose manifest is lost, from the files' own metadata, in step order. A
 * file's name contains the beginning of its hash, so truncated or changed files are left out.
 */
export async function findCheckpoints(folder: string): Promise<ManifestEntry[]> {
  const found: ManifestEntry[] = []
  for (const file of await readdir(folder)) {
    const [, hash] = CHECKPOINT_FILE.exec(file) ?? []
    if (!hash) continue
    const content = await readFile(join(folder, file))
    const sha256 = createHash('sha256').update(content).digest('hex')
    if (sha256.startsWith(hash)) found.push(describe(file, content, sha256))
  }
  return found.sort((a, b) => a.step - b.step)
}

function describe(file: string, content: Buffer, sha256: string): ManifestEntry {
  const { metadata } = decodeSafetensors(content)
  const { step, testTop1 } = metadata
  return {
    file,
    step: Number(step),
    sha256,
    bytes: content.length,
    testTop1: testTop1 === 'null' ? null : Number(testTop1),
    order: digestParts(readParts(metadata)),
  }
}
