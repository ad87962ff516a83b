import { verifyPassword } from 'better-auth/crypto'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Database } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { isFresh, SIGN_IN_AGAIN } from '../../access/fresh-session.ts'
import { AppError } from '../../errors.ts'

/** Whoever found somebody's page open guesses no faster here than at sign-in. */
const tries = new RateLimiterMemory({ points: 10, duration: 600 })

type Person = Extract<Actor, { kind: 'session' }>

/**
 * Asks once more for a person's password or, where the account has none, that they have just signed in.
 * @throws AppError INVALID_INPUT, FORBIDDEN, or LIMIT_EXCEEDED after ten tries in ten minutes
 */
export async function requireOwner(
  database: Database,
  { userId, sessionId }: Person,
  password: string,
): Promise<void> {
  await tries.consume(userId).catch(() => {
    throw new AppError('LIMIT_EXCEEDED', 'Too many attempts. Try again in ten minutes.', ['password'])
  })
  const account = await database.account.findFirst({ where: { userId, providerId: 'credential' } })
  if (!account?.password) return requireFreshSession(database, sessionId)
  if (await verifyPassword({ hash: account.password, password })) return
  throw new AppError('INVALID_INPUT', 'password: this is not your password', ['password'])
}

async function requireFreshSession(database: Database, id: string): Promise<void> {
  const session = await database.session.findUnique({ where: { id } })
  if (session && isFresh(session.createdAt)) return
  throw new AppError('FORBIDDEN', SIGN_IN_AGAIN)
}
