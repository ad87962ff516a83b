import { isSignUpByLink } from '../../access/sign-in/settings.ts'
import type { Services } from '../../services.ts'

/** How people sign in and up, as everybody may know it. */
export async function readSignIn({ database, config: { signIn } }: Pick<Services, 'database' | 'config'>) {
  const { passwords, provider, signUp } = signIn
  const isFirst = (await database.user.findFirst({ select: { id: true } })) === null
  return {
    passwords,
    provider: provider?.label ?? null,
    signUp: isFirst ? ('OPEN' as const) : signUp.mode,
    isSignUpByLink: !isFirst && isSignUpByLink(signIn),
    domains: signUp.mode === 'DOMAINS' ? signUp.domains : [],
  }
}
