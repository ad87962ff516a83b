import {
  createPostgresBackend,
  createRedisBackend,
  type Job,
  type JobsOptions,
  type Processor,
  Queue,
  setDefaultBackendFactory,
  Worker,
} from 'bullmq'
import type { z } from 'zod'
import type { DeviceKind } from '../contract/devices.ts'
import {
  ExportModelJob,
  ImportDatasetJob,
  InspectUploadJob,
  QUEUES,
  type QueueName,
  TrainRunJob,
} from '../contract/jobs.ts'

/** Where jobs wait. Without `redisUrl` they lie in the schema `bullmq` of the product's own PostgreSQL. */
export interface QueueConnection {
  databaseUrl: string
  redisUrl?: string | undefined
}

interface JobKind {
  payload: z.ZodType
  options: JobsOptions
}

/**
 * What a job of each queue carries and how often it is tried. A finished job is removed whether it went well or not:
 * the row keeps the outcome, and a job that stayed would keep its id from being enqueued again. (Keeping a count of
 * finished jobs deadlocks BullMQ's PostgreSQL backend.)
 */
const TRAINING: JobKind & { payload: typeof TrainRunJob } = {
  payload: TrainRunJob,
  options: { attempts: 3, backoff: { type: 'exponential', delay: 1000 } },
}
const JOB_KINDS = {
  [QUEUES.trainRun]: TRAINING,
  [QUEUES.trainRunCpu]: TRAINING,
  [QUEUES.trainRunGpu]: TRAINING,
  [QUEUES.importDataset]: {
    payload: ImportDatasetJob,
    options: { attempts: 3, backoff: { type: 'exponential', delay: 1000 } },
  },
  [QUEUES.inspectUpload]: { payload: InspectUploadJob, options: { attempts: 2 } },
  [QUEUES.exportModel]: {
    payload: ExportModelJob,
    options: { attempts: 3, backoff: { type: 'exponential', delay: 1000 } },
  },
} satisfies Record<QueueName, JobKind>

export type JobPayload<Name extends QueueName> = z.infer<(typeof JOB_KINDS)[Name]['payload']>

/** How long a worker may be silent before its job is given to another, and how often that is looked at. */
const LOCK_MS = 15_000
const STALLED_CHECK_MS = 5_000
/** The row's fence, not this count, decides whether a run that lost its worker is tried again. */
const MAX_STALLED_COUNT = 100
/** Redis clients wait for ever for a server that is away; a request should not. */
const ENQUEUE_TIMEOUT_MS = 5_000

/** The queues of one process that enqueues. */
export interface JobQueues {
  /** Asks some worker, of a kind of device where one is named, to take the run whose turn it is. Too often does no harm. */
  enqueueTrainRun(device?: DeviceKind | null): Promise<void>
  /** How many such calls wait for a worker. */
  countWaitingTrainRuns(device?: DeviceKind | null): Promise<number>
  /** Enqueues an import once: while its job waits or is worked on, the same import is not enqueued again. */
  enqueueImportDataset(payload: ImportDatasetJob): Promise<void>
  /** Makes the tables of the queues anew where somebody has dropped them; queues and workers that are open go on. */
  restore(): Promise<void>
  /** Enqueues a look at an upload, once as above. */
  enqueueInspectUpload(payload: InspectUploadJob): Promise<void>
  /** Enqueues an export, once as above. */
  enqueueExportModel(payload: ExportModelJob): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the queues to put jobs in.
 * @param onError  told of every lost connection; they are made again by themselves
 * @throws where the database or Redis cannot be reached at once
 */
export async function openJobQueues(
  connection: QueueConnection,
  onError: (error: Error) => void,
): Promise<JobQueues> {
  const open = (name: QueueName) => openQueue(name, connection, onError)
  const importDataset = open(QUEUES.importDataset)
  const training = {
    any: open(QUEUES.trainRun),
    CPU: open(QUEUES.trainRunCpu),
    GPU: open(QUEUES.trainRunGpu),
  }
  const inspectUpload = open(QUEUES.inspectUpload)
  const exportModel = open(QUEUES.exportModel)
  const queues = [importDataset, inspectUpload, exportModel, ...Object.values(training)]
  const close = async () => {
    await Promise.allSettled(queues.map((queue) => queue.close()))
  }
  try {
    for (const queue of queues) await queue.waitUntilReady()
  } catch (error) {
    await close()
    throw error
  }
  return {
    enqueueTrainRun: (device = null) =>
      enqueue(training[device ?? 'any'], trainingQueue(device), undefined, {}),
    countWaitingTrainRuns: (device) => countWaiting(training[device ?? 'any']),
    enqueueImportDataset: (payload) =>
      enqueue(importDataset, QUEUES.importDataset, payload.datasetVersionId, payload),
    async restore() {
      const opened = open(QUEUES.importDataset)
      await opened.waitUntilReady().finally(() => opened.close())
    },
    enqueueInspectUpload: (payload) =>
      enqueue(inspectUpload, QUEUES.inspectUpload, payload.uploadId, payload),
    enqueueExportModel: (payload) => enqueue(exportModel, QUEUES.exportModel, payload.exportId, payload),
    close,
  }
}

/** The queue of runs that ask for a kind of device; null for those that ask for none. */
export function trainingQueue(device: DeviceKind | null) {
  if (device === null) return QUEUES.trainRun
  return device === 'GPU' ? QUEUES.trainRunGpu : QUEUES.trainRunCpu
}

/**
 * Starts taking jobs from a queue.
 * @param handle  gets the checked payload; its error has the job tried again, at most 3 times
 * @param options `concurrency`: jobs at a time; `onError`: told of lost connections, which are made again
 * @returns BullMQ's worker; `close()` waits for jobs under way, `close(true)` does not
 */
export function openJobWorker<Name extends QueueName>(
  name: Name,
  connection: QueueConnection,
  handle: (payload: JobPayload<Name>, job: Job) => Promise<void>,
  options: { concurrency: number; onError: (error: Error) => void },
): Worker {
  const process: Processor = (job) => handle(JOB_KINDS[name].payload.parse(job.data) as JobPayload<Name>, job)
  const worker = new Worker(name, process, {
    ...backendOptions(connection, options.concurrency + 2),
    concurrency: options.concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MAX_STALLED_COUNT,
  })
  worker.on('error', options.onError)
  return worker
}

function openQueue(name: QueueName, connection: QueueConnection, onError: (error: Error) => void): Queue {
  const queue = new Queue(name, backendOptions(connection, 2))
  queue.on('error', onError)
  return queue
}

/** BullMQ takes the kind of backend from the process, and the connection from each queue. */
function backendOptions(connection: QueueConnection, maxConnections: number) {
  if (connection.redisUrl) {
    setDefaultBackendFactory(createRedisBackend)
    return { connection: { url: connection.redisUrl, maxRetriesPerRequest: null } }
  }
  setDefaultBackendFactory(createPostgresBackend)
  return { connection: { connectionString: connection.databaseUrl, max: maxConnections, migrate: true } }
}

async function enqueue(
  queue: Queue,
  name: QueueName,
  jobId: string | undefined,
  payload: unknown,
): Promise<void> {
  const data = JOB_KINDS[name].payload.parse(payload)
  const added = queue.add(name, data, {
    ...JOB_KINDS[name].options,
    ...(jobId !== undefined && { jobId }),
    removeOnComplete: true,
    removeOnFail: true,
  })
  await withinMs(added, ENQUEUE_TIMEOUT_MS, `the queue ${name} did not answer`)
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
