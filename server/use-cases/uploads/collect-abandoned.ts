import { repeatQuietly } from '../../repeat.ts'
import type { Services } from '../../services.ts'
import { collectLeftParts } from './collect-left-parts.ts'
import { dropUpload } from './drop-upload.ts'

const MINUTE_MS = 60_000
/** Of which nothing has come in so long: it counts as a whole against the team's quota. */
const UNSENT_AFTER_MS = 60 * MINUTE_MS
const ABANDONED_AFTER_MS = 24 * 60 * MINUTE_MS
const COLLECT_EVERY_MS = 10 * MINUTE_MS

/**
 * Drops uploads that nobody began within an hour, or finished within a day, and what was left of others, now and every ten
 * minutes. @returns what ends it
 */
export function collectAbandonedUploads(services: Services): () => void {
  return repeatQuietly(
    COLLECT_EVERY_MS,
    async () => {
      await collectOnce(services)
      await collectLeftParts(services)
    },
    (error) => services.log.warn({ err: error }, 'collecting abandoned uploads failed'),
  )
}

export async function collectOnce(services: Services): Promise<void> {
  const { uploads, uploadTurns } = services
  const olderThan = (ageMs: number) => ({ createdAt: { lt: new Date(Date.now() - ageMs) } })
  const candidates = await services.database.upload.findMany({
    where: { status: 'OPEN', ...olderThan(UNSENT_AFTER_MS) },
    orderBy: { createdAt: 'asc' },
    take: 1000,
  })
  for (const { id, createdAt } of candidates) {
    const isDue = async () =>
      createdAt.getTime() < Date.now() - ABANDONED_AFTER_MS || (await uploads.receivedBytes(id)) === 0
    if (!(await isDue())) continue
    // In its turn, looked at again: its first bytes may be coming at this moment.
    await uploadTurns.inTurn(id, async () => {
      if (await isDue()) await dropUpload(services, id)
    })
  }
}
