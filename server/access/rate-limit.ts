import type { Request, RequestHandler, Response } from 'express'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { clientAddressOf, networkOf } from './client-address.ts'

/** What a guesser gains nothing by. */
const HARMLESS = new Set(['/sign-out'])
const SIGN_UP = /^\/(request-)?sign-up(\/|$)/
/** The longest address of a mailbox (RFC 5321). */
const EMAIL_LENGTH = 320
const HOUR_SECONDS = 3_600

export interface AuthLimits {
  /** Attempts to sign in or up: so many from one address, a third of it for one account. */
  attemptsPerMinute: number
  /** New accounts from one address. Each answer tells whether an e-mail address has an account already. */
  signUpsPerHour: number
  /** How often a program may ask whether its code was confirmed; every 5 s if omitted. */
  devicePollSeconds?: number
}

/**
 * Counts what is posted to /api/auth by address and by account, in this process. Too much is answered 429 before
 * better-auth sees it. It must come after a JSON parser: whatever is no JSON is refused, for it would be read by
 * better-auth and not be counted here.
 */
export function limitAuthAttempts({ attemptsPerMinute, signUpsPerHour }: AuthLimits): RequestHandler {
  const byAddress = new RateLimiterMemory({ points: attemptsPerMinute, duration: 60 })
  const byAccount = new RateLimiterMemory({
    points: Math.max(1, Math.ceil(attemptsPerMinute / 3)),
    duration: 60,
  })
  const signUps = new RateLimiterMemory({ points: signUpsPerHour, duration: HOUR_SECONDS })
  return async (request, response, next) => {
    if (request.method !== 'POST' || HARMLESS.has(request.path)) return next()
    // Null where it has no body.
    if (request.is('application/json') === false) return refuseForm(response)
    try {
      const network = networkOf(clientAddressOf(request))
      await byAddress.consume(network)
      for (const account of accountsOf(request)) await byAccount.consume(account)
      if (SIGN_UP.test(request.path)) await signUps.consume(network)
      next()
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      refuse(response, Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)))
    }
  }
}

/** Whose account is tried, and whose mailbox a change of address would fill. */
function accountsOf({ body }: Request): Set<string> {
  const emails: unknown[] = [body?.email, body?.newEmail]
  const texts = emails.filter((email) => typeof email === 'string')
  return new Set(texts.map((email) => email.trim().toLowerCase().slice(0, EMAIL_LENGTH)))
}

function refuseForm(response: Response): void {
  const message = 'Send JSON, with the header content-type: application/json.'
  response.status(415).json({ code: 'INVALID_INPUT', message })
}

function refuse(response: Response, seconds: number): void {
  const message = `Too many attempts. Try again in ${seconds} s.`
  response.status(429).set('Retry-After', String(seconds)).json({ code: 'LIMIT_EXCEEDED', message })
}
