import { createHash, randomBytes } from 'node:crypto'
import type { ApiKey, Database } from '../../prisma/client.ts'
import type { ActingKey } from './actor.ts'

const KEY_FORM = /^sh_[0-9a-f]{48}$/
const SHOWN_CHARACTERS = 11
const USE_IS_NOTED_EVERY_MS = 60_000
const ADDRESS_LENGTH = 100

/** A new key: `sh_` and 192 random bits. Only its hash is kept. */
export function makeApiKey(): { secret: string; prefix: string; hash: string } {
  const secret = `sh_${randomBytes(24).toString('hex')}`
  return { secret, prefix: secret.slice(0, SHOWN_CHARACTERS), hash: hashApiKey(secret) }
}

function hashApiKey(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** False for one that was revoked or has expired. */
export function isUsable({ revokedAt, expiresAt }: ApiKey): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > new Date())
}

/** Acts as the key says. */
export function actorOf({ id, name, userId, teamId, scopes }: ApiKey): ActingKey {
  return { kind: 'apiKey', userId, apiKeyId: id, keyName: name, teamId, scopes }
}

/**
 * Whom a key speaks for; null where it is unknown, expired or revoked, or whoever it speaks for left the team.
 * Notes when and from where it is used, at most once a minute.
 */
export async function findActorOfApiKey(
  database: Database,
  secret: string,
  address: string,
): Promise<ActingKey | null> {
  if (!KEY_FORM.test(secret)) return null
  const key = await database.apiKey.findUnique({ where: { hash: hashApiKey(secret) } })
  const now = new Date()
  if (!key || !isUsable(key)) return null
  const member = await database.member.findUnique({
    where: { teamId_userId: { teamId: key.teamId, userId: key.userId } },
  })
  if (!member) return null
  const noted = new Date(now.getTime() - USE_IS_NOTED_EVERY_MS)
  if (!key.lastUsedAt || key.lastUsedAt < noted) {
    await database.apiKey.updateMany({
      where: { id: key.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: noted } }] },
      data: { lastUsedAt: now, lastUsedAddress: address.slice(0, ADDRESS_LENGTH) },
    })
  }
  return actorOf(key)
}
