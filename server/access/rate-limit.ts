import type { RequestHandler } from 'express'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

/** Parts of /api/auth that a guesser would try again and again. */
const GUARDED = /^\/(sign-in|sign-up|forget-password|request-password-reset|reset-password|change-password)/

/**
 * Counts attempts to sign in or up by address and by account, in this process. Too many are answered 429 before
 * better-auth sees them. It must come after a JSON parser.
 * @param attemptsPerMinute  from one address; a third of it for one account
 */
export function limitAuthAttempts(attemptsPerMinute: number): RequestHandler {
  const byAddress = new RateLimiterMemory({ points: attemptsPerMinute, duration: 60 })
  const byAccount = new RateLimiterMemory({
    points: Math.max(1, Math.ceil(attemptsPerMinute / 3)),
    duration: 60,
  })
  return async (request, response, next) => {
    if (request.method !== 'POST' || !GUARDED.test(request.path)) return next()
    const email: unknown = request.body?.email
    try {
      await byAddress.consume(request.ip ?? 'unknown')
      if (typeof email === 'string') await byAccount.consume(email.trim().toLowerCase().slice(0, 320))
      next()
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
      response
        .status(429)
        .set('Retry-After', String(seconds))
        .json({ code: 'LIMIT_EXCEEDED', message: `Too many attempts. Try again in ${seconds} s.` })
    }
  }
}
