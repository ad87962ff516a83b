/** Transient failures: the database is unreachable, shutting down, starting up, or out of connections. */
import pRetry from 'p-retry'

const FIRST_WAIT_MS = 250
const MAX_WAIT_MS = 5_000
const GIVE_UP_AFTER_MS = 120_000

/**
 * Prisma's codes, Node's, and PostgreSQL's classes 57P0 (shutting down, starting up), 08 and 53300
 * (connections).
 */
const CODE =
  'P1001|P1002|P1008|P1017|P2024|P2028|57P0[1-5]|53300|08\\d{3}|ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT'
const IS_CODE = new RegExp(`^(?:${CODE})$`)
/** Prisma quotes a failed query's code in its message; an unquoted number could be anything. */
const QUOTES_CODE = new RegExp(`["'\`](?:${CODE})["'\`]`)
const WORDS =
  /\b(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT)\b|terminating connection|Connection terminated|connection (?:is )?closed|Can't reach database|database system is (?:starting|shutting)|not queryable|timeout exceeded when trying to connect/i

/** Whether an error, or one of its causes, means that the same work can succeed once the database is back. */
export function isDatabaseAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, meta, message } = cause as Error & { code?: unknown; meta?: unknown }
    if (typeof code === 'string' && IS_CODE.test(code)) return true
    const text = `${message} ${JSON.stringify(meta ?? '')}`
    if (WORDS.test(text) || QUOTES_CODE.test(text)) return true
  }
  return false
}

/**
 * Runs `work`, retrying for at most two minutes while the database is unavailable.
 * @param work  receives the attempt number, from 1: an earlier attempt may have been committed without our
 * knowing
 */
export function retryWhileDatabaseAway<Result>(
  work: (attempt: number) => PromiseLike<Result>,
): Promise<Result> {
  return pRetry(work, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: FIRST_WAIT_MS,
    maxTimeout: MAX_WAIT_MS,
    maxRetryTime: GIVE_UP_AFTER_MS,
    shouldRetry: ({ error }) => isDatabaseAway(error),
  })
}
