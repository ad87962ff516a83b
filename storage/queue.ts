import {
  createPostgresBackend,
  createRedisBackend,
  DEFAULT_SCHEMA,
  type Job,
  Queue,
  runMigrations,
  setDefaultBackendFactory,
  Worker,
} from 'bullmq'
import pg from 'pg'
import type { JobDefinition } from './jobs/define-job.ts'
import { JOBS } from './jobs/index.ts'

/** Where jobs wait. Without `redisUrl` they lie in the schema `bullmq` of the product's own PostgreSQL. */
export interface QueueConnection {
  databaseUrl: string
  redisUrl?: string | undefined
}

/** How long a worker may be silent before its job is given to another, and how often that is looked at. */
const LOCK_MS = 15_000
const STALLED_CHECK_MS = 5_000
/** The row's fence, not this count, decides whether a run that lost its worker is tried again. */
const MAX_STALLED_COUNT = 100
/** Redis clients wait for ever for a server that is away; a request should not. */
const ENQUEUE_TIMEOUT_MS = 5_000
const SCHEMA = DEFAULT_SCHEMA
const MOST_CONNECTIONS = 4

type Backend = Awaited<ReturnType<typeof openBackend>>

/** The queues of one process that enqueues. */
export interface JobQueues {
  /** Enqueues a job, once for each id where its definition gives it one. */
  enqueue<Payload>(job: JobDefinition<Payload>, payload: Payload): Promise<void>
  /** How many of these jobs wait for a worker. */
  countWaiting(job: Pick<JobDefinition<unknown>, 'name'>): Promise<number>
  /** Makes the tables of the queues anew where somebody has dropped them; queues and workers that are open go on. */
  restore(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the queue of every job.
 * @param onError  told of every lost connection; they are made again by themselves
 * @throws where the database or Redis cannot be reached at once
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
 * Starts taking jobs from a queue.
 * @param handle  gets the checked payload; its error has the job tried again, as often as its definition says
 * @param options `concurrency`: jobs at a time; `onError`: told of lost connections, which are made again
 * @returns BullMQ's worker; `close()` waits for jobs under way, `close(true)` does not
 */
export function openJobWorker<Payload>(
  { name, payload }: JobDefinition<Payload>,
  connection: QueueConnection,
  handle: (payload: Payload, job: Job) => Promise<void>,
  options: { concurrency: number; onError: (error: Error) => void },
): Worker {
  const worker = new Worker(name, (job) => handle(payload.parse(job.data), job), {
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

/** BullMQ takes the kind of backend from the process, and the connection from each worker. */
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

/** What the queues of a process share: in PostgreSQL a few connections, and the tables; in Redis each has its own client. */
async function openBackend({ databaseUrl, redisUrl }: QueueConnection) {
  chooseBackend(redisUrl)
  if (redisUrl)
    return { connection: redisConnection(redisUrl), restore: async () => {}, close: async () => {} }
  const options = `-c search_path=${SCHEMA}`
  const pool = new pg.Pool({ connectionString: databaseUrl, max: MOST_CONNECTIONS, options, keepAlive: true })
  // Every queue adds a listener for its errors.
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
 * A finished job is removed whether it went well or not: the row keeps the outcome, and a job that stayed would keep its
 * id from being enqueued again. (Keeping a count of finished jobs deadlocks BullMQ's PostgreSQL backend.)
 */
async function enqueue<Payload>(queue: Queue, job: JobDefinition<Payload>, payload: Payload): Promise<void> {
  const data = job.payload.parse(payload)
  const added = queue.add(job.name, data, {
    attempts: job.attempts,
    ...(job.backoffMs !== undefined && { backoff: { type: 'exponential', delay: job.backoffMs } }),
    ...(job.idOf && { jobId: job.idOf(data) }),
    removeOnComplete: true,
    removeOnFail: true,
  })
  await withinMs(added, ENQUEUE_TIMEOUT_MS, `the queue ${job.name} did not answer`)
}

async function countWaiting(queue: Queue): Promise<number> {
  const counts = await queue.getJobCounts('waiting', 'delayed', 'prioritized')
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

async function withinMs(work: Promise<unknown>, timeoutMs: number, message: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${message} within ${timeoutMs / 1000} s`)), timeoutMs)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
