import { createHash } from 'node:crypto'
import { APIError } from 'better-auth/api'
import { type GenericOAuthConfig, genericOAuth } from 'better-auth/plugins'
import { z } from 'zod'
import { EMAIL_LENGTH, NAME_LENGTHS } from '../../../contract/limits.ts'
import { nameUpTo } from '../../../contract/name.ts'
import type { ProviderSettings } from './settings.ts'

/** As better-auth and the addresses of its routes call it. */
export const PROVIDER_ID = 'oidc'
const ANSWER_WITHIN_MS = 5_000

const Email = z.email().max(EMAIL_LENGTH)
const PersonName = nameUpTo(NAME_LENGTHS.person)
const Discovery = z.object({ issuer: z.string() })

/**
 * Signing in by the provider: state, nonce and PKCE are better-auth's, and an ID token that its published keys have
 * signed is asked for. What it publishes is read when somebody signs in, not when the server starts: a provider that is
 * away keeps nobody else waiting.
 */
export function signInByProvider({ issuer, clientId, clientSecret, label }: ProviderSettings) {
  const config: GenericOAuthConfig = {
    providerId: PROVIDER_ID,
    name: label,
    discoveryUrl: discoveryAddress(issuer),
    requireIdTokenVerification: true,
    clientId,
    ...(clientSecret ? { clientSecret } : { tokenEndpointAuth: { method: 'none' } }),
    scopes: ['openid', 'email', 'profile'],
    accountSubject: ({ tokens, profile }) => {
      if (!tokens.idToken) throw new Error('the provider has sent no ID token')
      return subjectOf(issuer, String(profile.sub))
    },
    mapProfileToUser: (profile) => ({
      email: Email.safeParse(profile.email).success ? String(profile.email) : '',
      name: nameOf(profile),
    }),
    // Whoever signs out here may be signed in elsewhere by the provider, and stays so.
    disableProviderLogout: true,
  }
  const plugin = genericOAuth({ config: [config] })
  const pending = { genericOAuthPendingDiscovery: new Map([[PROVIDER_ID, config]]) }
  return { ...plugin, init: async () => ({ context: pending }) } as unknown as typeof plugin
}

/** A person at one issuer, and nobody at another one that is set in its place. */
function subjectOf(issuer: string, subject: string): string {
  return createHash('sha256').update(`${issuer}\n${subject}`).digest('hex')
}

/** The first of what the provider calls a person that can be a name here. */
function nameOf({ name, preferred_username: username, email }: Record<string, unknown>): string {
  for (const given of [name, username, String(email ?? '').split('@')[0]]) {
    const { data } = PersonName.safeParse(given)
    if (data) return data
  }
  return 'Nameless'
}

function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/**
 * Asks the provider whether it is there, and who it is, before anybody is sent to it.
 * @throws APIError in one sentence for whoever wants to sign in
 */
export async function requireProvider({ issuer, label }: ProviderSettings): Promise<void> {
  const found = await readIssuer(issuer)
  if (found === issuer) return
  if (found === null)
    throw new APIError('SERVICE_UNAVAILABLE', {
      code: 'PROVIDER_AWAY',
      message: `${label} does not answer now, so nobody can sign in by it. Try again in a few minutes.`,
    })
  throw new APIError('SERVICE_UNAVAILABLE', {
    code: 'PROVIDER_MISNAMED',
    message: `Signing in by ${label} is not set up right: OIDC_ISSUER is ${issuer}, and it calls itself ${found.slice(0, 200)}. Whoever runs this instance has to correct that.`,
  })
}

/** What a provider calls itself; null where it does not answer as one. */
async function readIssuer(issuer: string): Promise<string | null> {
  try {
    const answer = await fetch(discoveryAddress(issuer), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    if (!answer.ok) return null
    return Discovery.parse(await answer.json()).issuer
  } catch {
    return null
  }
}
