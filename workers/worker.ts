import path from 'node:path'
import type { Logger } from '../logging/open-log.ts'
import { openDatabase } from '../prisma/client.ts'
import { traceQueries } from '../runs/trace-queries.ts'
import { openStorage } from '../storage/open-storage.ts'
import { openJobQueues, openJobWorker } from '../storage/queue.ts'
import type { WorkerConfig } from './config.ts'
import { cardEnvironment, trimCompileCache } from './devices/card-environment.ts'
import { CardUsageSampler } from './devices/card-usage.ts'
import { cardOf, type Device, findDevice } from './devices/find-device.ts'
import { Slots } from './devices/slots.ts'
import { ownEngineBuild } from './engine-build.mjs'
import { startCollectingLeftovers } from './jobs/collect-leftovers.ts'
import { type JobHost, jobsOn } from './jobs/index.ts'
import { reconcile, startReconciling } from './jobs/reconcile.ts'
import { RunControl } from './jobs/run-control.ts'
import { Trainings } from './jobs/trainings.ts'
import type { WorkerContext } from './jobs/worker-context.ts'
import { Registration } from './registration.ts'
import { DrainWatch } from './watch-drain.ts'

const RECONCILE_MS = 10_000
/** Work that has not ended by then is left for other workers to take over. */
const CLOSE_GRACE_MS = 26_000

export interface RunningWorker {
  /**
   * Stops taking jobs, has active ones save their progress, and returns them to the queue. Takes at most 30
   * s.
   */
  close(): Promise<void>
}

/**
 * Starts taking jobs: imports, exports, explanations, and as many concurrent trainings as configured.
 * @throws if the database or the queue cannot be reached
 */
export async function startWorker(config: WorkerConfig, log: Logger): Promise<RunningWorker> {
  const device = findDevice({ wanted: config.wantedDevice, trainings: config.trainings }, config)
  for (const problem of device.problems) log.warn(`Trains on the processor, not on the card: ${problem}`)
  const engineBuild = ownEngineBuild()
  const database = traceQueries(openDatabase(config.databaseUrl))
  const shutdown = new AbortController()
  const connection = { databaseUrl: config.databaseUrl, redisUrl: config.redisUrl }
  const onError = (error: Error) => log.warn({ err: error }, 'the queue lost its connection')
  const queues = await openJobQueues(connection, onError).catch(async (error) => {
    await database.$disconnect()
    throw error
  })
  const control = await RunControl.open(config.databaseUrl, log)
  const cards = device.uuids.length > 0 ? new CardUsageSampler(device.uuids) : undefined
  const context: WorkerContext = {
    config,
    database,
    storage: await openStorage(config.storage),
    log,
    control,
    claimant: { workerName: config.name, device: device.kind, labels: config.labels, engineBuild },
    card: cardOf(device),
    sampleCard: (uuid) => cards?.sampleCard(uuid) ?? null,
    shutdown: shutdown.signal,
  }
  const registration = new Registration(database, log, cards)
  await registration.open(config, device, engineBuild)
  log.info({ device: device.name, places: device.slots.length, engineBuild }, 'registered')
  const slots = new Slots(withCardEnvironment(device, config))
  const trainings = new Trainings(context, slots)
  const places = device.slots.length
  const source = { database, name: config.name, capacity: places, slots, cards, shutdown: shutdown.signal }
  const metrics =
    config.metrics && (await (await import('./metrics.ts')).serveWorkerMetrics(source, config.metrics))
  const host: JobHost = { ...context, trainings }
  const workers = jobsOn(device.kind, places).map(({ definition, concurrency, load }) =>
    openJobWorker(definition, connection, async (payload, job) => (await load())(host, payload, job), {
      concurrency,
      onError,
    }),
  )
  const drain = new DrainWatch(database, log, config.name, workers)
  await drain.open()
  trainings.startPolling()
  const stopReconciling = startReconciling(database, queues, log, RECONCILE_MS)
  const stopCollecting = startCollectingLeftovers(context)

  const close = async () => {
    shutdown.abort(new Error('the worker is ending'))
    await registration.drain()
    await drain.close()
    stopCollecting()
    await stopReconciling()
    const closed = Promise.allSettled([trainings.close(), ...workers.map((worker) => worker.close())])
    await withinGrace(closed)
    // Enqueues jobs for the runs just returned, instead of leaving that to the next worker's reconciliation.
    await reconcile(database, queues).catch(() => {})
    metrics?.close()
    cards?.close()
    await Promise.allSettled([control.close(), queues.close(), registration.close()])
    await database.$disconnect()
  }
  return { close }
}

/** Training processes on cards keep what XLA has compiled in a folder of bounded size. */
function withCardEnvironment({ slots, uuids }: Device, config: WorkerConfig): NodeJS.ProcessEnv[] {
  if (uuids.length === 0) return slots
  const cache = path.join(config.home, 'compiled-programs')
  const environment = cardEnvironment(config.trainingEnvironment, cache)
  trimCompileCache(cache)
  return slots.map((slot) => ({ ...environment, ...slot }))
}

async function withinGrace(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const graceOver = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_GRACE_MS)
  })
  await Promise.race([work, graceOver]).finally(() => clearTimeout(timer))
}
