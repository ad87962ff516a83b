import { NOTICE_MAILS_AN_HOUR } from '../../contract/limits.ts'
import type { Transaction } from '../../prisma/client.ts'
import type { Told } from './audience.ts'

export const MAIL_HOUR_MS = 3_600_000

/**
 * Counts the mails of an event. Whoever has had as many as there are in an hour is told in the page instead; the last of
 * them says so. Runs are queued and canceled in a moment, and the mail server is also that of whoever lost a password.
 */
export async function limitMails(
  tx: Transaction,
  eventId: string,
  audience: Told[],
): Promise<(Told & { isLastMail: boolean })[]> {
  const mailed = audience.filter(({ channels }) => channels.has('MAIL'))
  const had = await countMails(
    tx,
    mailed.map(({ userId }) => userId),
  )
  const left = (userId: string) => NOTICE_MAILS_AN_HOUR - (had.get(userId) ?? 0)
  const data = mailed.filter(({ userId }) => left(userId) > 0).map(({ userId }) => ({ userId, eventId }))
  if (data.length > 0) await tx.noticeMail.createMany({ data })
  return audience.map((person) => {
    const isOver = person.channels.has('MAIL') && left(person.userId) <= 0
    const channels = new Set(person.channels)
    if (isOver && channels.delete('MAIL')) channels.add('PAGE')
    return { ...person, channels, isLastMail: left(person.userId) === 1 }
  })
}

async function countMails(tx: Transaction, userIds: string[]): Promise<Map<string, number>> {
  if (userIds.length === 0) return new Map()
  const createdAt = { gt: new Date(Date.now() - MAIL_HOUR_MS) }
  const counts = await tx.noticeMail.groupBy({
    by: ['userId'],
    where: { userId: { in: userIds }, createdAt },
    _count: true,
  })
  return new Map(counts.map(({ userId, _count }) => [userId, _count]))
}
