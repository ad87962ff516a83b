import type { Database } from '../../../prisma/client.ts'
import { networkOf } from '../../access/client-address.ts'

const VISIT_MS = 30 * 60_000
const MOST_REMEMBERED = 10_000
const visits = new Map<string, number>()

/** Counts whoever opens a link, once for each half hour in which they look at it. */
export async function countVisit(database: Database, linkId: string, address: string): Promise<void> {
  const key = `${linkId}|${networkOf(address)}`
  const now = Date.now()
  const isSame = (visits.get(key) ?? 0) > now
  visits.delete(key)
  const [oldest] = visits.keys()
  if (visits.size >= MOST_REMEMBERED && oldest !== undefined) visits.delete(oldest)
  visits.set(key, now + VISIT_MS)
  if (isSame) return
  const data = { seenCount: { increment: 1 }, lastSeenAt: new Date(now) }
  await database.shareLink.updateMany({ where: { id: linkId }, data })
}
