import type { Services } from '../services.ts'
import { isForgotten } from './once.ts'

const PRUNE_EVERY_MS = 6 * 60 * 60_000

/** Deletes keys that were kept long enough, whoever's they are, now and every six hours. @returns what ends it */
export function pruneIdempotencyKeys({ database, log }: Pick<Services, 'database' | 'log'>): () => void {
  const prune = () =>
    pruneKeys(database).catch((error) => log.warn({ err: error }, 'pruning the idempotency keys failed'))
  void prune()
  const timer = setInterval(prune, PRUNE_EVERY_MS)
  return () => clearInterval(timer)
}

export async function pruneKeys({ idempotencyKey }: Services['database']): Promise<void> {
  await idempotencyKey.deleteMany({ where: isForgotten() })
}
