import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { CommandError } from '../outcome.ts'
import { ConnectionLost } from './client.ts'

const Begun = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri_complete: z.string(),
  expires_in: z.number(),
  interval: z.number(),
})
const Answered = z.object({
  access_token: z.string().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
})

const MOST_NAME_CHARACTERS = 80
const SLOW_DOWN = 'slow_down'

export interface ShownCode {
  /** Page in which it is confirmed. */
  url: string
  code: string
}

/**
 * Has somebody confirm in a browser, on this machine or another, that this program may have an API key (RFC 8628).
 * @param show  is called once, before anything is waited for
 */
export async function signInByDevice(
  origin: string,
  show: (shown: ShownCode) => void,
  signal: AbortSignal,
): Promise<string> {
  const client_name = `studyhall on ${hostname()}`.slice(0, MOST_NAME_CHARACTERS)
  const begun = Begun.parse(await post(origin, 'code', { client_name }, signal))
  const { pathname, search } = new URL(begun.verification_uri_complete)
  show({ url: `${origin}${pathname}${search}`, code: begun.user_code })
  const endsAt = Date.now() + begun.expires_in * 1000
  for (let seconds = begun.interval; Date.now() < endsAt; ) {
    await wait(seconds * 1000, undefined, { signal })
    const answer = Answered.parse(await ask(origin, begun.device_code, signal))
    if (answer.access_token) return answer.access_token
    if (answer.error === 'access_denied')
      throw new CommandError('notPermitted', answer.error_description ?? 'It was refused in the browser.')
    if (answer.error === SLOW_DOWN) seconds += begun.interval
    else if (answer.error !== 'authorization_pending') break
  }
  throw new CommandError('failed', 'The code is over and was not confirmed. Run `studyhall login` again.')
}

/** Asks for the key. A server that is away or restarts may answer later: it is asked less often (RFC 8628, section 3.5). */
async function ask(origin: string, device_code: string, signal: AbortSignal): Promise<unknown> {
  try {
    return await post(origin, 'token', { device_code }, signal)
  } catch (error) {
    if (!(error instanceof ConnectionLost) || signal.aborted) throw error
    return { error: SLOW_DOWN }
  }
}

/** What the API answers, whatever its status: a code that is not confirmed yet is a 400. */
async function post(
  origin: string,
  step: 'code' | 'token',
  body: object,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetch(`${origin}/api/auth/device/${step}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  }).catch((cause) => {
    throw new ConnectionLost(origin, { cause })
  })
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok || (response.status === 400 && step === 'token')) return answer
  if ((response.status === 429 || response.status >= 500) && step === 'token') return { error: SLOW_DOWN }
  const message = (answer as { message?: unknown } | null)?.message
  throw new CommandError(
    'failed',
    `${origin} answered ${response.status}: ${message ?? 'is it the address of Studyhall?'}`,
  )
}
