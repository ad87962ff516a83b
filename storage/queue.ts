import {
  createPostgresBackend,
  createRedisBackend,
  DEFAULT_SCHEMA,
  type Job,
  Queue,
  runMigrations,
  setDefaultBackendFactory,
  WaitingError,
  Worker,
} from 'bullmq'
import pg from 'pg'
import { currentRequestId, forRequest } from '../logging/request-context.ts'
import type { JobDefinition } from './jobs/define-job.ts'
import { JOBS } from './jobs/index.ts'

/** Where jobs are queued. Without `redisUrl`, in the schema `bullmq` of the product's own PostgreSQL. */
export interface QueueConnection {
  databaseUrl: string
  redisUrl?: string | undefined
}

/** How long a worker may be silent before its job goes to another, and how often that is checked. */
const LOCK_MS = 15_000
const STALLED_CHECK_MS = 5_000
/** High, because the run's row, not this count, decides whether a run that lost its worker is retried. */
const MAX_STALLED_COUNT = 100
/** Redis clients wait indefinitely for an unavailable server; a request should not. */
const ENQUEUE_TIMEOUT_MS = 5_000
const SCHEMA = DEFAULT_SCHEMA
const MAX_CONNECTIONS = 4

type Backend = Awaited<ReturnType<typeof openBackend>>

/** The queues of a process that enqueues jobs. */
export interface JobQueues {
  /** Enqueues a job, deduplicated by the id that its definition may give it. */
  enqueue<Payload>(job: JobDefinition<Payload>, payload: Payload): Promise<void>
  /** How many of these jobs are waiting for a worker. */
  countWaiting(job: Pick<JobDefinition<unknown>, 'name'>): Promise<number>
  /** Recreates the queues' tables if they were dropped; open queues and workers keep working. */
  restore(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the queue of every job.
 * @param onError  called for every lost connection; reconnecting is automatic
 * @throws if the database or Redis cannot be reached at first
 */
export async function openJobQueues(
  connection: QueueConnection,
  onError: (error: Error) => void,
): Promise<JobQueues> {
  const backend = await openBackend(connection)
  const queues = new Map(JOBS.map(({ name }) => [name, openQueue(name, backend, onError)]))
  const close = async () => {
    await Promise.allSettled([...queues.values()].map((queue) => queue.close()))
    await backend.close()
  }
  try {
    for (const queue of queues.values()) await queue.waitUntilReady()
  } catch (error) {
    await close()
    throw error
  }
  const queueOf = (name: string) => {
    const queue = queues.get(name)
    if (!queue) throw new Error(`the job ${name} is missing from storage/jobs/index.ts`)
    return queue
  }
  return {
    enqueue: (job, payload) => enqueue(queueOf(job.name), job, payload),
    countWaiting: ({ name }) => countWaiting(queueOf(name)),
    restore: backend.restore,
    close,
  }
}

/**
 * Starts processing jobs from a queue.
 * @param handle  receives the validated payload; if it throws, the job is retried as its definition allows
 * @param options `concurrency`: jobs at a time; `onError`: called for lost connections; reconnecting is
 * automatic
 * @returns BullMQ's worker, which starts no job while it is paused; `close()` waits for active jobs, `close(true)` does not
 */
export function openJobWorker<Payload>(
  { name, payload }: JobDefinition<Payload>,
  connection: QueueConnection,
  handle: (payload: Payload, job: Job) => Promise<void>,
  options: { concurrency: number; onError: (error: Error) => void },
): Worker {
  const work = async (job: Job, token?: string) => {
    // It waited for a job when it was paused, and was given one all the same: another worker takes it.
    if (worker.isPaused()) {
      await job.moveToWait(token)
      throw new WaitingError()
    }
    await forRequest(job.opts.telemetry?.metadata, () => handle(payload.parse(job.data), job))
  }
  const worker: Worker = new Worker(name, work, {
    connection: workerConnection(connection, options.concurrency + 2),
    concurrency: options.concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MAX_STALLED_COUNT,
  })
  worker.on('error', options.onError)
  return worker
}

function openQueue(name: string, { connection }: Backend, onError: (error: Error) => void): Queue {
  const queue = new Queue(name, { connection })
  queue.on('error', onError)
  return queue
}

/** In BullMQ the kind of backend is set per process, the connection per worker. */
function workerConnection({ databaseUrl, redisUrl }: QueueConnection, max: number) {
  chooseBackend(redisUrl)
  return redisUrl ? redisConnection(redisUrl) : { connectionString: databaseUrl, max, migrate: true }
}

function chooseBackend(redisUrl: string | undefined): void {
  if (redisUrl) setDefaultBackendFactory(createRedisBackend)
  else setDefaultBackendFactory(createPostgresBackend)
}

function redisConnection(url: string) {
  return { url, maxRetriesPerRequest: null }
}

/**
 * PostgreSQL queues of a process share a small connection pool and their tables; Redis queues have a client
 * each.
 */
async function openBackend({ databaseUrl, redisUrl }: QueueConnection) {
  chooseBackend(redisUrl)
  if (redisUrl)
    return { connection: redisConnection(redisUrl), restore: async () => {}, close: async () => {} }
  const options = `-c search_path=${SCHEMA}`
  const pool = new pg.Pool({ connectionString: databaseUrl, max: MAX_CONNECTIONS, options, keepAlive: true })
  // Every queue adds an error listener to the pool.
  pool.setMaxListeners(0)
  const restore = async () => {
    const client = await pool.connect()
    await runMigrations(client, SCHEMA).finally(() => client.release())
  }
  await restore().catch(async (error) => {
    await pool.end()
    throw error
  })
  return { connection: pool, restore, close: () => pool.end() }
}

/**
 * Finished jobs are removed whether they succeeded or failed: the row keeps the outcome, and a job left
 * behind would block its id from being enqueued again. (Keeping a count of finished jobs deadlocks BullMQ's
 * PostgreSQL backend.)
 */
async function enqueue<Payload>(queue: Queue, job: JobDefinition<Payload>, payload: Payload): Promise<void> {
  const data = job.payload.parse(payload)
  const metadata = currentRequestId()
  const added = queue.add(job.name, data, {
    attempts: job.attempts,
    ...(job.backoffMs !== undefined && { backoff: { type: 'exponential', delay: job.backoffMs } }),
    ...(job.idOf && { jobId: job.idOf(data) }),
    removeOnComplete: true,
    removeOnFail: true,
    ...(metadata !== undefined && { telemetry: { metadata } }),
  })
  await withinMs(added, ENQUEUE_TIMEOUT_MS, `the queue ${job.name} did not answer`)
}

async function countWaiting(queue: Queue): Promise<number> {
  const counts = await queue.getJobCounts('waiting', 'delayed', 'prioritized')
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

async function withinMs(work: Promise<unknown>, timeoutMs: number, message: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${message} within ${timeoutMs / 1000} s`)), timeoutMs)
  })
  await Promise.race([work, timeout]).finally(() => clearTimeout(timer))
}
