import { type RequestHandler, Router } from 'express'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { clientAddressOf, networkOf } from '../access/client-address.ts'
import { originOf } from '../access/request-origin.ts'
import { AppError } from '../errors.ts'
import type { Services } from '../services.ts'
import { beginDeviceRequest } from '../use-cases/devices/begin-device-request.ts'
import { DEVICE_POLL_SECONDS } from '../use-cases/devices/device-codes.ts'
import { redeemDeviceRequest } from '../use-cases/devices/redeem-device-request.ts'

/** A program that waits asks twelve times in a minute; a network may have some that wait. */
const POLLS_A_MINUTE = 240

/** /api/auth/device: how a program gets an API key that somebody confirms in a browser (RFC 8628). */
export function createDeviceRoutes(services: Services): Router {
  const { attemptsPerMinute, devicePollSeconds: pollSeconds = DEVICE_POLL_SECONDS } =
    services.config.authLimits
  const router = Router()
  router.post('/code', limitByNetwork(attemptsPerMinute), async (request, response) => {
    const begun = await beginDeviceRequest(services, clientAddressOf(request), request.body)
    response.json({ ...begun, interval: pollSeconds })
  })
  router.post('/token', limitByNetwork(POLLS_A_MINUTE), async (request, response) => {
    const code: unknown = request.body?.device_code
    if (typeof code !== 'string') {
      return void response
        .status(400)
        .json({ error: 'invalid_request', error_description: 'Send device_code.' })
    }
    const asked = { origin: originOf(request), pollSeconds }
    const redeemed = await redeemDeviceRequest(services, code, asked).catch(refuseInWords)
    if ('error' in redeemed) return void response.status(400).json(redeemed)
    response.json({ access_token: redeemed.secret, token_type: 'Bearer' })
  })
  return router
}

/** What keeps a key that was confirmed from being made, as RFC 6749 (section 5.2) has it. */
function refuseInWords(error: unknown) {
  if (!(error instanceof AppError)) throw error
  return { error: 'access_denied', error_description: error.message }
}

function limitByNetwork(points: number): RequestHandler {
  const limiter = new RateLimiterMemory({ points, duration: 60 })
  return async (request, response, next) => {
    try {
      await limiter.consume(networkOf(clientAddressOf(request)))
      next()
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
      const message = `Too many attempts. Try again in ${seconds} s.`
      response.status(429).set('Retry-After', String(seconds))
      response.json({ error: 'slow_down', code: 'LIMIT_EXCEEDED', message })
    }
  }
}
