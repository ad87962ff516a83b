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
      await onSignUp(person, settings.signUp.mode === 'INVITED' ? (invitation ?? null) : null)
    },
  }
}
