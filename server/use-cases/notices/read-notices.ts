import type { Database, Notice, TeamEventKind } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { direction, onwards, type TimeOrder } from '../list-order.ts'
import { type Connection, type PageArguments, readNewestFirst } from '../read-page.ts'

const MOST_NEWEST = 100

interface NoticesPage extends PageArguments {
  unread?: boolean | null
  kinds?: readonly TeamEventKind[] | null
  orderBy?: TimeOrder | null
}

/** A person's notices of teams to which they still belong. */
function isOf(userId: string) {
  return { userId, team: { members: { some: { userId } } } }
}

/** Notices of whoever is signed in, newest first; a key has none. */
export function readNotices(
  database: Database,
  actor: Actor,
  { unread, kinds, orderBy, ...page }: NoticesPage,
): Promise<Connection<Notice>> {
  const where = {
    ...isOf(actor.kind === 'session' ? actor.userId : ''),
    ...(unread && { readAt: null }),
    ...(kinds && { event: { kind: { in: [...kinds] } } }),
  }
  return readNewestFirst(page, {
    read: (before, take) =>
      database.notice.findMany({
        where: { ...where, id: onwards(orderBy, before) },
        orderBy: { id: direction(orderBy) },
        take,
      }),
    count: () => database.notice.count({ where }),
  })
}

export function countUnread(database: Database, userId: string): Promise<number> {
  return database.notice.count({ where: { ...isOf(userId), readAt: null } })
}

/** The newest notices since then, oldest first. */
export async function readNewestNotices(database: Database, userId: string, since: Date): Promise<Notice[]> {
  const notices = await database.notice.findMany({
    where: { ...isOf(userId), createdAt: { gt: since } },
    orderBy: { id: 'desc' },
    take: MOST_NEWEST,
  })
  return notices.reverse()
}
