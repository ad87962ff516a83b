import { createECDH } from 'node:crypto'
import { z } from 'zod'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { refuseUrl } from '../../webhooks/post-outward.ts'
import { parseInput } from '../parse-input.ts'
import { withLockedRow } from '../with-locked-row.ts'

/** Of one person; beyond, the browser that was added first gets no more. */
const MAX_BROWSERS = 10

const Subscription = z.strictObject({
  endpoint: z
    .url()
    .max(1000)
    .regex(/^[\x21-\x7e]+$/, 'it has characters that no address has'),
  // 65 bytes, of which the first says that both coordinates follow, and 16.
  p256dh: z.string().regex(/^B[A-P][\w-]{85}$/, 'it is no uncompressed point in base64url'),
  auth: z.string().regex(/^[\w-]{22}$/, 'it is not 16 bytes in base64url'),
})

/**
 * Has the caller's browser show notices while no page is open; another one of the same session is replaced.
 * @param subscription  as the browser gave it; null for no more notices
 */
export async function setPushSubscription(
  { database, config }: Services,
  actor: Actor | null,
  subscription: unknown,
): Promise<boolean> {
  const { userId, sessionId } = requirePerson(actor)
  if (subscription == null) {
    await database.pushSubscription.deleteMany({ where: { sessionId } })
    return false
  }
  const { endpoint, p256dh, auth } = parseInput(Subscription, subscription, ['subscription'])
  requireEndpoint(endpoint, config.webhooks.privateHosts)
  requirePoint(p256dh)
  await withLockedRow(database, 'User', userId, async (tx) => {
    await tx.pushSubscription.deleteMany({ where: { sessionId, endpoint: { not: endpoint } } })
    // A browser has one address, whoever was signed in there before: it is sent what the last one is told.
    const row = { sessionId, userId, endpoint, p256dh, auth, createdAt: new Date() }
    await tx.pushSubscription.upsert({ where: { endpoint }, create: row, update: row })
    const older = await tx.pushSubscription.findMany({
      where: { userId, sessionId: { not: sessionId } },
      orderBy: { createdAt: 'desc' },
      skip: MAX_BROWSERS - 1,
    })
    const sessions = older.map((one) => one.sessionId)
    await tx.pushSubscription.deleteMany({ where: { sessionId: { in: sessions } } })
  })
  return true
}

/** Whether the caller's browser is sent notices. */
export async function hasPushSubscription({ database }: Services, actor: Actor): Promise<boolean> {
  if (actor.kind !== 'session') return false
  return (await database.pushSubscription.count({ where: { sessionId: actor.sessionId } })) > 0
}

function requireEndpoint(endpoint: string, privateHosts: readonly string[]): void {
  if (refuseUrl(new URL(endpoint), privateHosts) === null) return
  const message = 'A push service has a public address that begins with https://; this one is none.'
  throw new AppError('INVALID_INPUT', message, ['subscription', 'endpoint'])
}

function requirePoint(p256dh: string): void {
  const curve = createECDH('prime256v1')
  curve.generateKeys()
  try {
    curve.computeSecret(Buffer.from(p256dh, 'base64url'))
  } catch {
    throw new AppError('INVALID_INPUT', 'p256dh is no point of the curve P-256.', ['subscription', 'p256dh'])
  }
}
