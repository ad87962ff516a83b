import { typeOfId } from '../../contract/ids.ts'
import type { Database } from '../../prisma/client.ts'
import type { Actor } from './actor.ts'
import { actorOf, isUsable, WITH_SPEAKER } from './api-keys.ts'

/** The session or the key that a link was made for: the link ends with it. */
export function holderOf(actor: Actor): string {
  return actor.kind === 'apiKey' ? actor.apiKeyId : actor.sessionId
}

/** Whom a link speaks for; null where the session has ended, or the key was revoked or has expired. */
export async function findHolder(database: Database, holder: string): Promise<Actor | null> {
  if (typeOfId(holder) === 'ApiKey') {
    const key = await database.apiKey.findUnique({
      where: { id: holder, user: { suspendedAt: null }, createdBy: { suspendedAt: null } },
      include: WITH_SPEAKER,
    })
    return key && isUsable(key) ? actorOf(key) : null
  }
  const session = await database.session.findUnique({ where: { id: holder } })
  if (!session || session.expiresAt <= new Date()) return null
  return { kind: 'session', userId: session.userId, sessionId: session.id }
}
