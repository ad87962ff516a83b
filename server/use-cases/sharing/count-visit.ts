import type { Database } from '../../../prisma/client.ts'
import { networkOf } from '../../access/client-address.ts'
import { Visits } from './visits.ts'

const visits = new Visits()

/** Counts whoever opens a link, once for each half hour in which they look at it. */
export async function countVisit(database: Database, linkId: string, address: string): Promise<void> {
  if (!visits.begin(`${linkId}|${networkOf(address)}`)) return
  const data = { seenCount: { increment: 1 }, lastSeenAt: new Date() }
  await database.shareLink.updateMany({ where: { id: linkId }, data })
}
