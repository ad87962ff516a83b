import { parseCookies } from 'better-auth/cookies'
import type { Request } from 'express'
import { z } from 'zod'
import { isStorable } from '../../../contract/text.ts'
import type { Database } from '../../../prisma/client.ts'
import type { Auth } from '../auth.ts'
import { findReset } from '../mail-links.ts'

/** They name an account by its address, whoever is signed in where that is done. */
const BY_ADDRESS = new Set([
  '/sign-up/email',
  '/request-sign-up',
  '/sign-in/email',
  '/request-password-reset',
])
const LONGEST_ADDRESS = 320
/** What better-auth keeps while somebody is at the provider, under AT_PROVIDER and the state that the provider sends back. */
const Linking = z.object({ link: z.object({ userId: z.string() }).nullish() })
const AT_PROVIDER = 'auth-state:'
const LONGEST_STATE = 64

/**
 * Whose account a request is about, by the path behind /api/auth, as far as a link or a password that was given before
 * tells: to be looked at before it is used up.
 */
export async function findByProof(
  { database, auth }: { database: Database; auth: Auth },
  path: string,
  { body, query, headers }: Request,
): Promise<string | null> {
  const token = body?.token || query.token
  if (path === '/reset-password') return typeof token === 'string' ? findReset(database, token) : null
  return path.startsWith('/two-factor/verify-') ? findHalfway(auth, headers.cookie) : null
}

/**
 * Whose account a request names by its address; undefined where it names none so. An address that nobody has is not kept,
 * for it may be a password.
 */
export async function findByAddress(
  database: Database,
  path: string,
  { body }: Request,
): Promise<string | null | undefined> {
  if (!BY_ADDRESS.has(path)) return undefined
  const address: unknown = body?.email
  if (typeof address !== 'string' || address.length > LONGEST_ADDRESS || !isStorable(address)) return null
  const user = await database.user.findUnique({ where: { email: address.toLowerCase() } })
  return user?.id ?? null
}

/** Who has given the password, and not yet the second factor. */
async function findHalfway(auth: Auth, cookie = ''): Promise<string | null> {
  const { createAuthCookie, internalAdapter } = await auth.$context
  const signed = parseCookies(cookie).get(createAuthCookie('two_factor').name)
  const first = signed?.slice(0, signed.lastIndexOf('.'))
  if (!first || !isStorable(first)) return null
  return (await internalAdapter.findVerificationValue(first))?.value ?? null
}

/** To whose account a provider's answer links theirs; null where it signs somebody in. To be looked at before it is used up. */
export async function findLinking(auth: Auth, path: string, { query }: Request): Promise<string | null> {
  const { state } = query
  if (!path.startsWith('/callback/') || typeof state !== 'string') return null
  if (state.length > LONGEST_STATE || !isStorable(state)) return null
  const { internalAdapter } = await auth.$context
  const kept = await internalAdapter.findVerificationValue(AT_PROVIDER + state)
  if (!kept?.value.startsWith('{')) return null
  return Linking.safeParse(JSON.parse(kept.value)).data?.link?.userId ?? null
}
