import { APIError, addOAuthServerContext } from 'better-auth/api'
import { requirePassword } from '../address-change.ts'
import { Admission } from './admission.ts'
import { PROVIDER_ID, requireProvider } from './provider.ts'
import type { SignInSettings } from './settings.ts'

type Context = Parameters<typeof requirePassword>[0]

/** What is done by a password, or would leave an account without the provider. */
const OF_PASSWORDS = new Set([
  ...['/sign-in/email', '/sign-up/email', '/request-password-reset', '/reset-password'],
  ...['/change-password', '/two-factor/enable', '/unlink-account'],
])
const TO_PROVIDER = new Set(['/sign-in/social', '/link-social'])

/** What is looked at before better-auth does anything. @throws APIError */
export async function keepRules({ provider, passwords }: SignInSettings, context: Context): Promise<void> {
  const path = context.path ?? ''
  if (!passwords && OF_PASSWORDS.has(path)) {
    const message = `Here everybody signs in by ${provider?.label}; passwords do not count.`
    throw new APIError('FORBIDDEN', { code: 'PASSWORDS_OFF', message })
  }
  if (!TO_PROVIDER.has(path) || !provider || context.body?.provider !== PROVIDER_ID) return
  if (context.body.idToken)
    throw new APIError('BAD_REQUEST', { code: 'INVALID_INPUT', message: 'idToken: sign in on the page.' })
  if (path === '/link-social') await requirePassword(context)
  await requireProvider(provider)
  await addOAuthServerContext(Admission.safeParse(context.body).data ?? {})
}
