import { setTimeout as sleep } from 'node:timers/promises'

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 5_000
const GIVE_UP_AFTER_MS = 120_000

/** Prisma's and PostgreSQL's ways to say: no connection, connection lost, server starting or ending, pool drained. */
const AWAY =
  /\b(P1001|P1002|P1008|P1017|P2024|P2028|57P0[1-5]|53300|08\d{3}|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)\b|terminating connection|Connection terminated|connection (?:is )?closed|Can't reach database|not queryable|timeout exceeded when trying to connect/i

/** Whether the same work can succeed once the database is back. */
export function isDatabaseAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, meta } = cause as Error & { code?: unknown; meta?: unknown }
    if (AWAY.test(`${code} ${cause.message} ${JSON.stringify(meta ?? '')}`)) return true
  }
  return false
}

/** Does the work, again and again while the database is away, for at most two minutes. */
export async function throughOutage<Result>(work: () => Promise<Result>): Promise<Result> {
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() + waitMs > giveUpAt) throw error
      await sleep(waitMs)
    }
  }
}
