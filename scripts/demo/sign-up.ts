import { ApiClient } from '../../cli/studyhall/api/client.ts'

/** Signs up, or in where the account exists; the client carries the session’s cookie. */
export async function signUpOrIn(
  origin: string,
  account: { name: string; email: string; password: string },
): Promise<ApiClient> {
  const signedIn =
    (await authenticate(origin, 'sign-in/email', account)) ??
    (await authenticate(origin, 'sign-up/email', account))
  if (!signedIn)
    throw new Error(`${account.email} has an account with another password: delete it, or sign in by hand.`)
  return new ApiClient(origin, { cookie: signedIn })
}

async function authenticate(origin: string, route: string, body: object): Promise<string | null> {
  const response = await fetch(`${origin}/api/auth/${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(body),
  })
  if (response.status === 429) throw new Error('Too many attempts to sign in: wait a minute, then try again.')
  if (!response.ok) return null
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
