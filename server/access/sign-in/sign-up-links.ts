import { APIError, createAuthEndpoint } from 'better-auth/api'
import { z } from 'zod'
import { EMAIL_LENGTH } from '../../../contract/limits.ts'
import type { Database } from '../../../prisma/client.ts'
import type { ServerConfig } from '../../config.ts'
import { writeHasAccount, writeSignUp } from '../../mail/letters.ts'
import type { Outbox } from '../../mail/outbox.ts'
import { makeProof, PROOF_SECONDS } from './address-proof.ts'
import { type FindInvitation, requireDomain, requireInvitation } from './admission.ts'
import { isSignUpByLink } from './settings.ts'

const Wish = z.object({
  email: z.email().max(EMAIL_LENGTH),
  /** Of the invitation by whose link they came: the mailed link leads on to it. */
  invitation: z.string().max(200).optional(),
})

interface SignUpLinkOptions {
  database: Database
  outbox: Outbox
  config: ServerConfig
  findInvitation: FindInvitation
}

/**
 * /request-sign-up: an address is confirmed by a link before there is an account, where that is how people sign up. It is
 * answered alike whether there is one already; its mailbox alone is told.
 */
export function mailSignUpLinks({ database, outbox, config, findInvitation }: SignUpLinkOptions) {
  const { signUp } = config.signIn
  return {
    id: 'sign-up-links',
    endpoints: {
      requestSignUp: createAuthEndpoint(
        '/request-sign-up',
        { method: 'POST', body: Wish },
        async (context) => {
          if (!isSignUpByLink(config.signIn))
            throw new APIError('FORBIDDEN', {
              code: 'NO_SIGN_UP_LINKS',
              message: 'Nobody signs up by a link in a mail here.',
            })
          const { email, invitation } = context.body
          if (signUp.mode === 'INVITED') await requireInvitation(findInvitation, { email, invitation })
          if (signUp.mode === 'DOMAINS') requireDomain(signUp, email)
          await mailLink(email.toLowerCase(), invitation)
          return context.json({ status: true })
        },
      ),
    },
  }

  async function mailLink(email: string, invitation?: string): Promise<void> {
    const token = await makeProof(database, email)
    if (!token) return
    const expiresAt = new Date(Date.now() + PROOF_SECONDS * 1000)
    const hasAccount = (await database.user.findUnique({ where: { email } })) !== null
    const letter = hasAccount
      ? writeHasAccount(`${config.publicOrigin}/sign-in`, expiresAt)
      : writeSignUp(
          `${config.publicOrigin}/sign-up#${new URLSearchParams({ proof: token, email, ...(invitation ? { invitation } : {}) })}`,
          expiresAt,
        )
    await outbox.post(database, email, letter)
  }
}
