import { APIError, getSessionFromCtx } from 'better-auth/api'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Database } from '../../prisma/client.ts'
import { isFresh, SIGN_IN_AGAIN } from './fresh-session.ts'
import { spendAddressCheck } from './mail-links.ts'
import { PASSWORD_LENGTHS } from './password-strength.ts'

type Context = Parameters<typeof getSessionFromCtx>[0]

/** Whoever found somebody's page open guesses no faster here than at sign-in. */
const tries = new RateLimiterMemory({ points: 10, duration: 600 })

/**
 * An address, or another way to sign in, is as good as the account, so a session alone does not ask for one: the password
 * is asked for, too, or, where there is none, that the session has just begun.
 */
export async function requirePassword(context: Context): Promise<void> {
  const session = await getSessionFromCtx(context)
  // better-auth refuses it.
  if (!session) return
  await tries.consume(session.user.id).catch(() => {
    const message = 'Too many attempts. Try again in ten minutes.'
    throw new APIError('TOO_MANY_REQUESTS', { code: 'LIMIT_EXCEEDED', message })
  })
  const given: unknown = context.body?.currentPassword
  const account = await context.context.internalAdapter.findCredentialAccount(session.user.id)
  if (!account?.password) return requireFresh(session.session.createdAt)
  const isRight =
    typeof given === 'string' &&
    given.length <= PASSWORD_LENGTHS.max &&
    (await context.context.password.verify({ hash: account.password, password: given }))
  if (isRight) return
  const message = 'currentPassword: send the password of your account.'
  throw new APIError('BAD_REQUEST', { code: 'INVALID_PASSWORD', message })
}

function requireFresh(signedInAt: Date): void {
  if (isFresh(signedInAt)) return
  throw new APIError('FORBIDDEN', { code: 'SIGN_IN_AGAIN', message: SIGN_IN_AGAIN })
}

/**
 * The link to a new address works for whoever is signed in to the account and was not ended since: to better-auth alone
 * it would be good until it expires, for anybody.
 */
export async function requireOwnLink(
  database: Database,
  accountPage: string,
  context: Context,
): Promise<void> {
  const session = await getSessionFromCtx(context)
  if (!session) throw context.redirect(`${accountPage}?error=SIGN_IN_FIRST`)
  const token: unknown = context.query?.token
  const isOpen = typeof token === 'string' && (await spendAddressCheck(database, session.user.id, token))
  if (!isOpen) throw context.redirect(`${accountPage}?error=INVALID_TOKEN`)
}
