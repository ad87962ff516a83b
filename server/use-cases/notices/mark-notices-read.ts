import { z } from 'zod'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
import { countUnread } from './read-notices.ts'

const MAX_NOTICES = 100

const Input = z.object({
  noticeIds: z.array(z.string()).max(MAX_NOTICES, `at most ${MAX_NOTICES} at once`).nullish(),
})

/** Marks some of one's own notices as read, or all that there are. @returns how many are unread then */
export async function markNoticesRead(
  { database }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<number> {
  const { userId } = requirePerson(actor)
  const { noticeIds } = parseInput(Input, input)
  const unread = { userId, readAt: null }
  if (noticeIds) {
    const id = { in: [...new Set(noticeIds)] }
    if ((await database.notice.count({ where: { id, userId } })) < id.in.length)
      throw notFound('notice', ['noticeIds'])
    await database.notice.updateMany({ where: { ...unread, id }, data: { readAt: new Date() } })
  } else await database.notice.updateMany({ where: unread, data: { readAt: new Date() } })
  return countUnread(database, userId)
}
