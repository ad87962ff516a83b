import type { Artifact } from '../../prisma/client.ts'
import { readZipEntry } from '../../storage/read-zip-entry.ts'
import type { Services } from '../services.ts'

const CARD_FILE = 'README.md'
const MAX_CARD_BYTES = 1024 * 1024

/** The model card that every artifact's zip holds, without its front matter; null where there is none to be read. */
export async function readModelCard(
  { storage, log }: Pick<Services, 'storage' | 'log'>,
  { id, sha256 }: Artifact,
): Promise<string | null> {
  try {
    if (!(await storage.has(sha256))) return null
    const card = await readZipEntry(await storage.fetchLocal(sha256), CARD_FILE, MAX_CARD_BYTES)
    return card?.toString().replace(/^---\n[\s\S]*?\n---\n+/, '') ?? null
  } catch (error) {
    log.warn({ err: error, artifactId: id }, 'the card of an artifact could not be read')
    return null
  }
}
