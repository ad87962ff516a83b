import { z } from 'zod'

const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const MOST_DOMAINS = 50
const OF_THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]']

/** How people sign in and who may make an account: of the environment alone, so that no two places disagree. */
export interface SignInSettings {
  /** Who tells who somebody is, by OpenID Connect; null where there are passwords alone. */
  provider: ProviderSettings | null
  /** Whether passwords count. */
  passwords: boolean
  signUp: SignUpRule
}

export interface ProviderSettings {
  /** As it calls itself; what it publishes of itself is at `/.well-known/openid-configuration` below. */
  issuer: string
  clientId: string
  /** None for a public client, which shows by PKCE alone that it asked. */
  clientSecret?: string | undefined
  /** As people call it. */
  label: string
}

export type SignUpRule =
  /**
   * Everybody, or whoever has the link of a team's invitation. Where mail goes out, by a link to their mailbox as well, so
   * that nobody learns who has an account: an invitation is known to whoever made it, too.
   */
  | { mode: 'OPEN' | 'INVITED'; isByLink: boolean }
  /** Whose confirmed e-mail address is at one of these, in lower case. */
  | { mode: 'DOMAINS'; domains: string[] }

export const OPEN_SIGN_IN: SignInSettings = {
  provider: null,
  passwords: true,
  signUp: { mode: 'OPEN', isByLink: false },
}

const Issuer = z
  .url({ protocol: /^https?$/, error: 'is no https:// address' })
  .max(500)
  .refine(isPrivate, 'has to be https, or on this machine: what it says decides who somebody is')

const Domains = z
  .string()
  .transform((text) => text.split(',').map((domain) => domain.trim().toLowerCase()))
  .pipe(
    z.array(z.string().regex(DOMAIN, { error: ({ input }) => `“${input}” is no domain such as lab.org` })),
  )
  .refine((domains) => domains.length <= MOST_DOMAINS, `has more than ${MOST_DOMAINS} domains`)

export const signInEnvironment = {
  OIDC_ISSUER: Issuer.optional(),
  OIDC_CLIENT_ID: z.string().max(500).optional(),
  OIDC_CLIENT_SECRET: z.string().max(500).optional(),
  OIDC_LABEL: z.string().trim().min(1).max(40, 'has more than 40 characters').default('single sign-on'),
  OIDC_ONLY: z.enum(['yes', 'no']).default('no'),
  SIGN_UP: z.enum(['open', 'invited', 'domains']).default('open'),
  SIGN_UP_DOMAINS: Domains.optional(),
}

const Environment = z.object(signInEnvironment)
type Environment = z.infer<typeof Environment>

/** What fits nothing else: a setting that would silently do nothing is refused. */
export function checkSignIn(env: Environment, { addIssue }: Pick<z.RefinementCtx, 'addIssue'>): void {
  const refuse = (name: keyof Environment, message: string) =>
    addIssue({ code: 'custom', path: [name], message })
  if (env.OIDC_ISSUER && !env.OIDC_CLIENT_ID) refuse('OIDC_CLIENT_ID', 'is not set, and OIDC_ISSUER is')
  if (!env.OIDC_ISSUER)
    for (const name of ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const)
      if (env[name]) refuse('OIDC_ISSUER', `is not set, and ${name} is`)
  if (env.OIDC_ONLY === 'yes' && !env.OIDC_ISSUER)
    refuse('OIDC_ONLY', 'is yes, and without OIDC_ISSUER nobody could sign in')
  if (env.SIGN_UP === 'domains' && !env.SIGN_UP_DOMAINS)
    refuse('SIGN_UP_DOMAINS', 'is not set, and SIGN_UP is domains')
  if (env.SIGN_UP !== 'domains' && env.SIGN_UP_DOMAINS)
    refuse('SIGN_UP_DOMAINS', `is set, and SIGN_UP is ${env.SIGN_UP}: set that to domains`)
}

/** @param sendsMail  whether there is a mail server */
export function signInSettings(env: Environment, sendsMail: boolean): SignInSettings {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = env
  const client = { clientSecret: env.OIDC_CLIENT_SECRET, label: env.OIDC_LABEL }
  return {
    provider: issuer && clientId ? { issuer, clientId, ...client } : null,
    passwords: env.OIDC_ONLY === 'no',
    signUp: signUpRule(env, sendsMail),
  }
}

function signUpRule(
  { SIGN_UP: mode, SIGN_UP_DOMAINS: domains = [] }: Environment,
  sendsMail: boolean,
): SignUpRule {
  if (mode === 'domains') return { mode: 'DOMAINS', domains }
  return { mode: mode === 'invited' ? 'INVITED' : 'OPEN', isByLink: sendsMail }
}

export function confirmsAddresses(signUp: SignUpRule): boolean {
  return signUp.mode === 'DOMAINS' || signUp.isByLink
}

/** Whether an address is confirmed by a mailed link before there is an account with it and a password. */
export function isSignUpByLink({ passwords, signUp }: SignInSettings): boolean {
  return passwords && confirmsAddresses(signUp)
}

function isPrivate(issuer: string): boolean {
  // Refused already.
  if (!URL.canParse(issuer)) return true
  const { protocol, hostname } = new URL(issuer)
  return protocol === 'https:' || OF_THIS_MACHINE.includes(hostname)
}
