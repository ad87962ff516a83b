import { APIError, getOAuthState } from 'better-auth/api'
import { z } from 'zod'
import type { Database } from '../../../prisma/client.ts'
import { hasProof } from './address-proof.ts'
import { confirmsAddresses, type SignInSettings, type SignUpRule } from './settings.ts'

/** Who asks for an account, by what way, and with what. */
export interface Applicant {
  email: string
  /** True where a provider says that the address is theirs; null where nobody was asked. */
  isVerified: boolean | null
  /** Of the link of an invitation. */
  invitation?: string | undefined
  /** Of the link that was mailed to the address. */
  proof?: string | undefined
}

/** What a request to sign up, or to sign in by the provider, may bring along. */
export const Admission = z.object({
  invitation: z.string().max(200).optional(),
  proof: z.string().max(200).optional(),
})

/** The open invitation that a token is of, and for whose address alone it is, if for one. */
export type FindInvitation = (token: string) => Promise<{ email: string | null } | null>

export interface Door {
  database: Database
  settings: SignInSettings
  findInvitation: FindInvitation
}

/**
 * Whether somebody new may come in, whichever way they take. The first person always may: there is nobody to invite them.
 * @returns whether the address is known to be theirs
 * @throws APIError that says why not
 */
export async function admit(
  { database, settings: { signUp, provider }, findInvitation }: Door,
  applicant: Applicant,
): Promise<boolean> {
  const isFirst = (await database.user.findFirst({ select: { id: true } })) === null
  if (isFirst) return applicant.isVerified ?? false
  if (signUp.mode === 'INVITED') await requireInvitation(findInvitation, applicant)
  if (signUp.mode === 'DOMAINS') requireDomain(signUp, applicant.email)
  if (!confirmsAddresses(signUp)) return applicant.isVerified ?? false
  if (applicant.isVerified === false)
    throw refuse(
      'SIGN_UP_UNVERIFIED',
      `${provider?.label} does not say that ${applicant.email} is yours. Confirm the address there first.`,
    )
  if (applicant.isVerified || (await hasProof(database, applicant.email, applicant.proof ?? ''))) return true
  throw refuse(
    'SIGN_UP_UNPROVED',
    `Open the link that was mailed to ${applicant.email}, or ask for one: it works for an hour.`,
  )
}

/** @throws APIError without an open invitation for this address */
export async function requireInvitation(
  findInvitation: FindInvitation,
  { email, invitation: token }: Pick<Applicant, 'email' | 'invitation'>,
): Promise<void> {
  if (!token)
    throw refuse(
      'SIGN_UP_INVITED',
      'This instance takes new people by invitation alone. Ask somebody in a team for one, and open its link.',
    )
  const invitation = await findInvitation(token)
  if (!invitation)
    throw refuse(
      'SIGN_UP_INVITATION_OVER',
      'This invitation is over: it was used, revoked, or not accepted in time. Ask for a new one.',
    )
  if (invitation.email !== null && invitation.email !== email.toLowerCase())
    throw refuse(
      'SIGN_UP_OTHER_ADDRESS',
      `This invitation is for ${invitation.email}, and you are signing up as ${email}. Use that address, or ask for an invitation of your own.`,
    )
}

/** @throws APIError for an address at another domain */
export function requireDomain(rule: Extract<SignUpRule, { mode: 'DOMAINS' }>, email: string): void {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  if (rule.domains.includes(domain)) return
  const listed = rule.domains.map((name) => `@${name}`).join(', ')
  throw refuse(
    'SIGN_UP_DOMAIN',
    `Only addresses that end with ${listed} may sign up here; yours ends with @${domain}.`,
  )
}

/** What somebody new has brought along: in the body of a sign-up, or through the provider and back. */
export async function readAdmission(body: unknown): Promise<z.infer<typeof Admission>> {
  const state = await getOAuthState()
  const { data } = Admission.safeParse(state ? (state.serverContext ?? {}) : body)
  return data ?? {}
}

function refuse(code: string, message: string): APIError {
  return new APIError('FORBIDDEN', { code, message })
}
