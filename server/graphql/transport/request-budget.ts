import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Actor } from '../../access/actor.ts'
import { networkOf } from '../../access/client-address.ts'

export const WINDOW_SECONDS = 60
/** An operation does not wait longer for Redis; it is counted here then. */
const REDIS_TIMEOUT_MS = 1_000

/** What somebody may still ask for until the window ends. */
export interface Budget {
  limit: number
  /** Of the operation at hand. */
  cost: number
  remaining: number
  resetAt: Date
  /** True where the operation cost more than was left. */
  isExceeded: boolean
}

interface Asker {
  actor: Actor | null
  address: string
  isOfSharedPage: boolean
}

export interface RequestBudgets {
  /** Takes the cost of an operation from whoever asks; one that is refused costs nothing. */
  spend(asker: Asker, cost: number): Promise<Budget>
  close(): void
}

interface BudgetOptions {
  costPerMinute: number
  /** Where servers count together; each counts for itself without it, or while it is away. */
  redisUrl?: string | undefined
  onError: (error: Error) => void
}

/** What each person, each key, and each network without either may ask for in a minute. */
export function openBudgets({ costPerMinute, redisUrl, onError }: BudgetOptions): RequestBudgets {
  const options = { points: costPerMinute, duration: WINDOW_SECONDS, keyPrefix: 'studyhall-cost' }
  const here = new RateLimiterMemory(options)
  const redis = redisUrl ? openRedis(redisUrl, onError) : null
  const limiter = redis
    ? new RateLimiterRedis({
        ...options,
        storeClient: redis,
        rejectIfRedisNotReady: true,
        insuranceLimiter: here,
      })
    : here
  return {
    async spend(asker, cost) {
      const { result, isExceeded } = await consume(limiter, whoseBudget(asker), cost)
      const resetAt = new Date(Date.now() + result.msBeforeNext)
      const remaining = Math.max(0, costPerMinute - result.consumedPoints)
      return { limit: costPerMinute, cost, remaining, resetAt, isExceeded }
    },
    close: () => redis?.disconnect(),
  }
}

function openRedis(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    commandTimeout: REDIS_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
  })
  return redis.on('error', onError)
}

async function consume(limiter: RateLimiterMemory | RateLimiterRedis, whose: string, cost: number) {
  try {
    return { result: await limiter.consume(whose, cost), isExceeded: false }
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    return { result: await limiter.reward(whose, cost), isExceeded: true }
  }
}

/** A key has a budget of its own, so that a script that asks too much does not close the pages to its maker. */
function whoseBudget({ actor, address, isOfSharedPage }: Asker): string {
  // However many look at a shared page, others of their network can sign in.
  if (!actor) return `${isOfSharedPage ? 'shared pages of network' : 'network'} ${networkOf(address)}`
  return actor.kind === 'apiKey' ? `key ${actor.apiKeyId}` : `person ${actor.userId}`
}
