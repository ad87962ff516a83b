/**
 * Puts rows and queue in agreement: the rows are the truth, and a job or a worker may be lost at any time. Several workers
 * may do it; an advisory lock lets one at a time.
 */
import type { Database, Transaction } from '../../prisma/client.ts'
import { recordRunEvent } from '../../prisma/run-events.ts'
import type { JobQueues } from '../../storage/queue.ts'
import type { Logger } from '../log.ts'

/** Any number that nothing else in this database uses. */
const RECONCILE_LOCK = 7_283_101
const MOST_AT_ONCE = 1000

const LOST =
  'The worker that trained this run is gone: it gave no sign of life for 30 seconds. Start the run again; it cannot yet go on from where it stopped.'

export interface Reconciliation {
  /** Runs that were marked FAILED because their worker is gone. */
  lostRuns: string[]
  /** Runs and versions for which a job was asked; where there was one already, nothing happened. */
  enqueued: number
}

/** Does it once. Null where another worker is at it. */
export async function reconcile(database: Database, queues: JobQueues): Promise<Reconciliation | null> {
  const found = await database.$transaction(
    async (tx) => {
      const [lock] = await tx.$queryRaw<{ taken: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(${RECONCILE_LOCK}) AS taken`
      if (!lock?.taken) return null
      return {
        lostRuns: await failLostRuns(tx),
        runs: await findWaitingRuns(tx),
        versions: await findUnfinishedImports(tx),
      }
    },
    { maxWait: 10_000, timeout: 30_000 },
  )
  if (!found) return null
  for (const { id } of found.runs) await queues.enqueueTrainRun({ runId: id })
  for (const { id } of found.versions) await queues.enqueueImportDataset({ datasetVersionId: id })
  return { lostRuns: found.lostRuns, enqueued: found.runs.length + found.versions.length }
}

async function failLostRuns(tx: Transaction): Promise<string[]> {
  const lost = await tx.$queryRaw<{ id: string; attempt: number }[]>`
    UPDATE "Run" SET status = 'FAILED', phase = NULL, "leaseUntil" = NULL, "finishedAt" = timezone('UTC', now()),
      "failureCode" = 'WORKER_LOST', "failureMessage" = ${LOST}
    WHERE id IN (
      SELECT id FROM "Run"
      WHERE status IN ('STARTING', 'RUNNING', 'PAUSING') AND "leaseUntil" < timezone('UTC', now())
      FOR UPDATE SKIP LOCKED LIMIT ${MOST_AT_ONCE})
    RETURNING id, attempt`
  for (const { id, attempt } of lost) {
    await recordRunEvent(tx, id, null, {
      kind: 'STATUS',
      status: 'FAILED',
      phase: null,
      attempt,
      failure: { code: 'WORKER_LOST', message: LOST },
    })
  }
  return lost.map(({ id }) => id)
}

async function findWaitingRuns(tx: Transaction): Promise<{ id: string }[]> {
  return tx.$queryRaw`
    SELECT id FROM "Run"
    WHERE status = 'QUEUED' ORDER BY "createdAt" LIMIT ${MOST_AT_ONCE}`
}

async function findUnfinishedImports(tx: Transaction): Promise<{ id: string }[]> {
  return tx.$queryRaw`
    SELECT id FROM "DatasetVersion"
    WHERE status IN ('PENDING', 'IMPORTING') ORDER BY "createdAt" LIMIT ${MOST_AT_ONCE}`
}

/** Does it at once and every so often, until the returned function is called; that resolves when none is under way. */
export function keepReconciling(
  database: Database,
  queues: JobQueues,
  log: Logger,
  everyMs: number,
): () => Promise<void> {
  const once = async () => {
    const done = await reconcile(database, queues).catch((error) => {
      log.warn({ err: error }, 'rows and queue could not be compared; trying again')
      return null
    })
    if (done && done.lostRuns.length > 0) log.warn({ runs: done.lostRuns }, 'runs whose worker is gone')
  }
  let underWay = once()
  const timer = setInterval(() => {
    underWay = underWay.then(once)
  }, everyMs)
  return async () => {
    clearInterval(timer)
    await underWay
  }
}
