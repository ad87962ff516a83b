import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import type { AuditActor, Detail } from './events.ts'

const AN_HOUR_SECONDS = 3600
/** A script that is refused again and again, or somebody who wants the disk full, tells nothing new. */
export const TOLD_AN_HOUR = 300
const told = new RateLimiterMemory({ points: TOLD_AN_HOUR, duration: AN_HOUR_SECONDS })

/**
 * What the log tells of a mutation that was not done, besides what it was: null where its actor was refused too often
 * within the hour for it to be told. The last that is told says so.
 */
export async function detailOfRefusal({ id, key }: AuditActor): Promise<Detail | null> {
  const consumed = await told.consume(key?.id ?? id ?? '').catch((refused: RateLimiterRes | Error) => {
    if (refused instanceof Error) throw refused
    return null
  })
  if (!consumed) return null
  if (consumed.remainingPoints > 0) return {}
  return { untold: `more of this actor until ${new Date(Date.now() + consumed.msBeforeNext).toISOString()}` }
}
