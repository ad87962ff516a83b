/**
 * Puts rows and queue in agreement: the rows are the truth, and a job or a worker may be lost at any time. Several workers
 * may do it; an advisory lock lets one at a time.
 */
import type { Logger } from '../../logging/open-log.ts'
import type { Database, Transaction } from '../../prisma/client.ts'
import { releaseLost, resumeDueForRoom } from '../../runs/transitions/index.ts'
import { countDueRuns } from '../../runs/turns.ts'
import { exportModelJob } from '../../storage/jobs/export-model.ts'
import { importDatasetJob } from '../../storage/jobs/import-dataset.ts'
import { trainRunOn } from '../../storage/jobs/train-run.ts'
import type { JobQueues } from '../../storage/queue.ts'

/** Any number that nothing else in this database uses. */
const RECONCILE_LOCK = 7_283_101
const MOST_AT_ONCE = 1000

export interface Reconciliation {
  /** Runs that were taken from a worker that is gone. */
  lostRuns: string[]
  /** Runs that had paused for want of room and are tried again. */
  triedAgain: string[]
  /** Jobs that were asked for: one for each waiting run that had none, and one for each version to import and each export to write. */
  enqueued: number
}

/** Does it once. @returns null where another worker is doing it at the moment */
export async function reconcile(database: Database, queues: JobQueues): Promise<Reconciliation | null> {
  const found = await database.$transaction(
    async (tx) => {
      const [lock] = await tx.$queryRaw<{ taken: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(${RECONCILE_LOCK}) AS taken`
      if (!lock?.taken) return null
      return {
        lostRuns: idsOf(await releaseLost(tx, MOST_AT_ONCE)),
        triedAgain: idsOf(await resumeDueForRoom(tx, MOST_AT_ONCE)),
        dueRuns: await countDueRuns(tx),
        versions: await findUnfinishedImports(tx),
        exports: await findUnfinishedExports(tx),
      }
    },
    { maxWait: 10_000, timeout: 30_000 },
  )
  if (!found) return null
  let asked = 0
  for (const { device, count } of found.dueRuns) {
    const missing = Math.min(MOST_AT_ONCE, count - (await queues.countWaiting(trainRunOn(device))))
    for (let i = 0; i < missing; i++) await queues.enqueue(trainRunOn(device), {})
    asked += Math.max(0, missing)
  }
  for (const { id } of found.versions) await queues.enqueue(importDatasetJob, { datasetVersionId: id })
  for (const { id } of found.exports) await queues.enqueue(exportModelJob, { exportId: id })
  const { lostRuns, triedAgain, versions, exports } = found
  return { lostRuns, triedAgain, enqueued: asked + versions.length + exports.length }
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id)
}

async function findUnfinishedImports(tx: Transaction): Promise<{ id: string }[]> {
  return tx.$queryRaw`
    SELECT id FROM "DatasetVersion"
    WHERE status IN ('PENDING', 'IMPORTING') ORDER BY "createdAt" LIMIT ${MOST_AT_ONCE}`
}

async function findUnfinishedExports(tx: Transaction): Promise<{ id: string }[]> {
  return tx.$queryRaw`
    SELECT id FROM "Export"
    WHERE status IN ('QUEUED', 'RUNNING') ORDER BY "createdAt" LIMIT ${MOST_AT_ONCE}`
}

/** Does it at once and every so often, until the returned function is called; that resolves when none is under way. */
export function keepReconciling(
  database: Database,
  queues: JobQueues,
  log: Logger,
  everyMs: number,
): () => Promise<void> {
  const once = async () => {
    const done = await reconcile(database, queues).catch(async (error) => {
      log.warn({ err: error }, 'rows and queue could not be compared; trying again')
      await queues.restore().catch(() => {})
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
