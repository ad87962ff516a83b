import { APIError } from 'better-auth/api'
import { z } from 'zod'
import type { Database } from '../../../prisma/client.ts'
import { AppError } from '../../errors.ts'
import { settleAccount } from '../account-rules.ts'
import { endProofs } from './address-proof.ts'
import { admit, type Door, readAdmission } from './admission.ts'

interface NewPerson {
  id: string
  name: string
  email: string
  emailVerified: boolean
}

interface Reception extends Door {
  onSignUp: (user: NewPerson, invitation: string | null) => Promise<unknown>
}

const Applicant = z.looseObject({ email: z.email() })

/**
 * Refuses whoever may not come in before better-auth looks whether their address has an account: the answer says nothing of
 * that.
 * @throws APIError
 */
export async function refuseStrangers(door: Door, { path, body }: { path?: string; body?: unknown }) {
  const applicant = path === '/sign-up/email' ? Applicant.safeParse(body).data : undefined
  if (applicant)
    await admit(door, { email: applicant.email, isVerified: null, ...(await readAdmission(body)) })
}

type Request = { path?: string; body?: unknown } | null

/** What happens before and after somebody new is written down, whether they come by a password or by the provider. */
export function receiveNewPeople(reception: Reception) {
  const { database, settings, onSignUp } = reception
  return {
    async before(person: NewPerson, request: Request) {
      const byPassword = request?.path === '/sign-up/email'
      const isVerified = byPassword ? null : person.emailVerified
      const brought = await readAdmission(request?.body)
      const emailVerified = await admit(reception, { email: person.email, isVerified, ...brought })
      return { data: { ...settleAccount(person), emailVerified } }
    },
    async after(person: NewPerson, request: Request) {
      const { invitation } = await readAdmission(request?.body)
      await endProofs(database, person.email)
      await onSignUp(person, settings.signUp.mode === 'INVITED' ? (invitation ?? null) : null).catch(
        (error) => sendAway(database, person, error),
      )
    },
  }
}

/** Somebody else was faster by the same invitation, which lets in no more than it says. */
async function sendAway(database: Database, { id }: NewPerson, error: unknown): Promise<never> {
  if (!(error instanceof AppError)) throw error
  await database.user.delete({ where: { id } })
  throw new APIError('FORBIDDEN', { code: 'SIGN_UP_INVITATION_OVER', message: error.message })
}
