import { repeatQuietly } from '../repeat.ts'
import type { Services } from '../services.ts'
import { isForgotten } from './once.ts'

const PRUNE_EVERY_MS = 6 * 60 * 60_000

/** Deletes keys that were kept long enough, whoever's they are, now and every six hours. @returns what ends it */
export function pruneIdempotencyKeys({ database, log }: Pick<Services, 'database' | 'log'>): () => void {
  return repeatQuietly(
    PRUNE_EVERY_MS,
    () => pruneKeys(database),
    (error) => log.warn({ err: error }, 'pruning the idempotency keys failed'),
  )
}

export async function pruneKeys({ idempotencyKey }: Services['database']): Promise<void> {
  await idempotencyKey.deleteMany({ where: isForgotten() })
}
