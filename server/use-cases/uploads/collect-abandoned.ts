import type { Services } from '../../services.ts'
import { countUploaded } from './count-uploaded.ts'

const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000
const COLLECT_EVERY_MS = 60 * 60 * 1000

/** Drops uploads that nobody finished within a day, now and every hour. @returns what ends it */
export function collectAbandonedUploads(services: Services): () => void {
  const collect = () =>
    collectOnce(services).catch((error) =>
      services.log.warn({ err: error }, 'collecting abandoned uploads failed'),
    )
  void collect()
  const timer = setInterval(collect, COLLECT_EVERY_MS)
  return () => clearInterval(timer)
}

/** @returns how many were dropped */
export async function collectOnce({ database, uploads }: Services): Promise<number> {
  const where = { status: 'OPEN', createdAt: { lt: new Date(Date.now() - ABANDONED_AFTER_MS) } } as const
  const abandoned = await database.upload.findMany({
    where,
    select: { id: true, teamId: true, byteLength: true },
    take: 1000,
  })
  for (const { id, teamId, byteLength } of abandoned) {
    // The row first: a file without a row is found by nobody, a row without its file would look begun.
    const count = await database.$transaction(async (tx) => {
      const deleted = await tx.upload.deleteMany({ where: { id, ...where } })
      if (deleted.count > 0) await countUploaded(tx, teamId, -byteLength)
      return deleted.count
    })
    if (count > 0) await uploads.remove(id)
  }
  return abandoned.length
}
