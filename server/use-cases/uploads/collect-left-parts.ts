import type { Services } from '../../services.ts'

/** Whoever finalizes or drops an upload removes its bytes right after its row; a day later nobody will. */
const LEFT_AFTER_MS = 24 * 60 * 60_000
const CHUNK = 500

/**
 * Removes what has arrived of uploads whose row is final or gone: whoever wrote that died before it had removed the bytes,
 * or could not, since the disk or the bucket was away. @returns how many uploads' bytes went
 */
export async function collectLeftParts(
  { database, uploads, log }: Pick<Services, 'database' | 'uploads' | 'log'>,
  nowMs: number = Date.now(),
): Promise<number> {
  const old: string[] = []
  for await (const { uploadId, changedAt } of uploads.list())
    if (changedAt.getTime() < nowMs - LEFT_AFTER_MS) old.push(uploadId)
  let removed = 0
  for (let i = 0; i < old.length; i += CHUNK) {
    const ids = old.slice(i, i + CHUNK)
    // Neither becomes open again.
    const open = await database.upload.findMany({ where: { id: { in: ids }, status: 'OPEN' } })
    const isOpen = new Set(open.map(({ id }) => id))
    for (const id of ids.filter((each) => !isOpen.has(each))) {
      await uploads.remove(id)
      removed++
    }
  }
  if (removed > 0) log.info({ uploads: removed }, 'removed what was left of uploads that have ended')
  return removed
}
