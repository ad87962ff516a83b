import { APIError } from 'better-auth/api'
import { isTimeZone } from '../../contract/account/time-zone.ts'
import { EMAIL_LENGTH, NAME_LENGTHS } from '../../contract/limits.ts'
import { nameUpTo } from '../../contract/name.ts'
import { isGuessable, PASSWORD_LENGTHS } from './password-strength.ts'

const PersonName = nameUpTo(NAME_LENGTHS.person)
/** Pictures of people are shown nowhere. */
const WITHOUT_IMAGE = { image: null }

const WITHOUT_TOKENS = {
  ...{ accessToken: null, refreshToken: null, idToken: null },
  ...{ accessTokenExpiresAt: null, refreshTokenExpiresAt: null },
}

/** What better-auth asks before it writes a person, or how they sign in. */
export const accountHooks = {
  user: {
    update: { before: async (user: Account) => ({ data: settleAccount(user) }) },
  },
  account: {
    // What the provider lets its client do is nothing that is needed here.
    create: { before: async (account: object) => ({ data: { ...account, ...WITHOUT_TOKENS } }) },
  },
}

interface Account {
  name?: string
  email?: string
  timeZone?: string | null
}

export function settleAccount<Given extends Account>(account: Given) {
  const { name, email, timeZone } = account
  if (email !== undefined && email.length > EMAIL_LENGTH)
    throw refuse(`An e-mail address has at most ${EMAIL_LENGTH} characters.`, 'EMAIL_TOO_LONG')
  return {
    ...account,
    ...WITHOUT_IMAGE,
    ...(name !== undefined && { name: settleName(name) }),
    ...(timeZone !== undefined && { timeZone: settleTimeZone(timeZone) }),
  }
}

/** An empty one is the browser's. */
function settleTimeZone(timeZone: string | null): string | null {
  if (!timeZone) return null
  if (!isTimeZone(timeZone))
    throw refuse(
      'There is no such time zone. They have names such as Europe/Berlin, and an empty one is that of the browser.',
      'INVALID_TIME_ZONE',
    )
  return timeZone
}

function settleName(name: string): string {
  const { data, error } = PersonName.safeParse(name)
  if (error) throw refuse(`Your name: ${error.issues[0]?.message}.`, 'INVALID_NAME')
  return data
}

/** Refuses new passwords that are guessed soon, whichever way they come in. */
// biome-ignore lint/suspicious/noExplicitAny: as better-auth hands it on, before it is parsed.
export async function refuseGuessable(body: any): Promise<void> {
  const password: unknown = body?.newPassword ?? (body && 'name' in body ? body.password : undefined)
  // The length is better-auth's to refuse, in words of its own.
  if (typeof password !== 'string' || password.length < PASSWORD_LENGTHS.min) return
  const known = [body.name, body.email].filter((text) => typeof text === 'string')
  if (await isGuessable(password, known))
    throw refuse(
      'This password is found by guessing: it is a common one, or made of a name, a date or a row of keys. Take three or four words that have nothing to do with each other, or let your browser make one.',
      'PASSWORD_TOO_WEAK',
    )
}

function refuse(message: string, code: string): APIError {
  return new APIError('BAD_REQUEST', { message, code })
}
