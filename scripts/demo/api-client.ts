import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

/** Talks to Studyhall as any client would: HTTP with a session cookie or an API key, WebSocket with the key. */
export class ApiClient {
  readonly origin: string
  readonly #headers: Record<string, string>

  constructor(origin: string, headers: Record<string, string>) {
    this.origin = origin
    this.#headers = headers
  }

  get headers(): Record<string, string> {
    return { ...this.#headers }
  }

  /** One query or mutation. Throws what the API says went wrong, the payload’s typed errors included. */
  async ask<T>(document: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`${this.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#headers },
      body: JSON.stringify({ query: document, variables }),
    })
    const { data, errors } = (await response.json()) as { data?: T; errors?: { message: string }[] }
    if (errors?.length) throw new Error(errors.map((error) => error.message).join('; '))
    for (const payload of Object.values(
      (data ?? {}) as Record<string, { errors?: { message: string }[] } | null>,
    )) {
      if (payload?.errors?.length) throw new Error(payload.errors.map((error) => error.message).join('; '))
    }
    return data as T
  }

  /** The events of a subscription, until it completes. */
  async *listen<T>(document: string, variables: Record<string, unknown>): AsyncGenerator<T> {
    const client = createClient({
      url: `${this.origin.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: this.#headers.authorization },
    })
    try {
      for await (const { data, errors } of client.iterate<T>({ query: document, variables })) {
        if (errors?.length) throw new Error(errors.map((error) => error.message).join('; '))
        if (data) yield data
      }
    } catch (refusal) {
      // What is wrong with the subscription itself is thrown as the list that the server sent.
      if (!Array.isArray(refusal)) throw refusal
      throw new Error(refusal.map(({ message }) => message).join('; '))
    } finally {
      await client.dispose()
    }
  }
}

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
