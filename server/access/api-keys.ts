import { createHash, randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { ApiKey, Database } from '../../prisma/client.ts'
import type { ActingKey } from './actor.ts'
import { auditFirstUse, auditRefusedKey } from './audit-keys.ts'
import { clientAddressOf } from './client-address.ts'

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

/** A key with what is asked of whom it speaks for. */
export type SpeakingKey = ApiKey & { user: { isServiceAccount: boolean } }
export const WITH_SPEAKER = { user: { select: { isServiceAccount: true } } } as const

/** Acts as the key says. */
export function actorOf({ id, name, userId, teamId, scopes, user }: SpeakingKey): ActingKey {
  const { isServiceAccount } = user
  return { kind: 'apiKey', userId, isServiceAccount, apiKeyId: id, keyName: name, teamId, scopes }
}

/**
 * Whom a key speaks for; null where it is unknown, expired or revoked, or whoever it speaks for left the team.
 * Notes when and from where it is used, at most once a minute.
 */
export async function findActorOfApiKey(
  database: Database,
  secret: string,
  headers: IncomingHttpHeaders,
): Promise<ActingKey | null> {
  if (!KEY_FORM.test(secret)) return null
  const key = await database.apiKey.findUnique({
    // Who made a service account's key knows it.
    where: { hash: hashApiKey(secret), createdBy: { suspendedAt: null } },
    include: WITH_SPEAKER,
  })
  if (!key) return null
  const actor = await findActor(database, key, headers)
  if (!actor) await auditRefusedKey(database, key, headers)
  return actor
}

async function findActor(
  database: Database,
  key: SpeakingKey,
  headers: IncomingHttpHeaders,
): Promise<ActingKey | null> {
  const now = new Date()
  if (!isUsable(key)) return null
  const { teamId, userId } = key
  const member = await database.member.findFirst({ where: { teamId, userId, user: { suspendedAt: null } } })
  if (!member) return null
  const noted = new Date(now.getTime() - USE_IS_NOTED_EVERY_MS)
  if (!key.lastUsedAt || key.lastUsedAt < noted) {
    const { count } = await database.apiKey.updateMany({
      where: { id: key.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: noted } }] },
      data: { lastUsedAt: now, lastUsedAddress: clientAddressOf({ headers }).slice(0, ADDRESS_LENGTH) },
    })
    if (!key.lastUsedAt && count > 0) await auditFirstUse(database, key, actorOf(key), headers)
  }
  return actorOf(key)
}
