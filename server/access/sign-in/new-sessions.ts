import { APIError } from 'better-auth/api'
import { toStorable } from '../../../contract/text.ts'
import type { Database } from '../../../prisma/client.ts'

const MAX_USER_AGENT_LENGTH = 500

interface NewSession {
  id: string
  userId: string
  userAgent?: string | null
}

/** What happens before and after somebody is let in, whichever way they come. */
export function receiveSessions(database: Database) {
  const requireNotSuspended = async (userId: string) => {
    const user = await database.user.findUnique({ where: { id: userId } })
    if (!user?.suspendedAt) return
    const message = 'Your account is suspended. Ask whoever administers this instance.'
    throw new APIError('FORBIDDEN', { code: 'ACCOUNT_SUSPENDED', message })
  }
  return {
    async before(session: Omit<NewSession, 'id'>) {
      // Somebody new is in a transaction of their own still, and nobody has suspended them.
      await requireNotSuspended(session.userId)
      const userAgent = toStorable(session.userAgent ?? '', MAX_USER_AGENT_LENGTH)
      return { data: { ...session, userAgent } }
    },
    async after({ id, userId }: NewSession) {
      // A suspension that came between has ended the sessions that it saw.
      await requireNotSuspended(userId).catch(async (refusal) => {
        await database.session.deleteMany({ where: { id } })
        throw refusal
      })
      await database.user.updateMany({ where: { id: userId }, data: { lastSignInAt: new Date() } })
    },
  }
}
