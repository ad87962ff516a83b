/**
 * Reconciles the queue with the rows: the rows are the source of truth, and a job or a worker may be lost at
 * any time. Every worker does this; an advisory lock lets one at a time.
 */
import type { Logger } from '../../logging/open-log.ts'
import type { Database, Transaction } from '../../prisma/client.ts'
import { endDecided } from '../../runs/experiments/end-decided.ts'
import { releaseLost, resumeDueForRoom } from '../../runs/transitions/index.ts'
import { countDueRuns } from '../../runs/turns.ts'
import { explainRunJob } from '../../storage/jobs/explain-run.ts'
import { exportModelJob } from '../../storage/jobs/export-model.ts'
import { importDatasetJob } from '../../storage/jobs/import-dataset.ts'
import { inspectWeightsJob } from '../../storage/jobs/inspect-weights.ts'
import { trainRunOn } from '../../storage/jobs/train-run.ts'
import type { JobQueues } from '../../storage/queue.ts'

/** An arbitrary advisory lock key, unique in this database. */
const RECONCILE_LOCK = 7_283_101
const MAX_AT_ONCE = 1000

export interface Reconciliation {
  /** Runs taken from workers that are gone. */
  lostRuns: string[]
  /** Runs that had paused because a disk was full and are queued again. */
  retriedRuns: string[]
  /** Jobs enqueued: for queued runs that lacked one, and for every version to import, file to look at, export to write and run to explain. */
  enqueued: number
}

/** Reconciles once. @returns null if another worker is doing it at the moment */
export async function reconcile(database: Database, queues: JobQueues): Promise<Reconciliation | null> {
  const found = await database.$transaction(
    async (tx) => {
      const [lock] = await tx.$queryRaw<{ taken: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(${RECONCILE_LOCK}) AS taken`
      if (!lock?.taken) return null
      return {
        lostRuns: idsOf(await releaseLost(tx, MAX_AT_ONCE)),
        retriedRuns: idsOf(await resumeDueForRoom(tx, MAX_AT_ONCE)),
        dueRuns: await countDueRuns(tx),
        versions: await findUnfinishedImports(tx),
        exports: await findUnfinishedExports(tx),
        explanations: await findUnfinishedExplanations(tx),
        weights: await findWeightsToInspect(tx),
      }
    },
    { timeout: 30_000 },
  )
  if (!found) return null
  let enqueuedRuns = 0
  for (const { device, count } of found.dueRuns) {
    const missing = Math.min(MAX_AT_ONCE, count - (await queues.countWaiting(trainRunOn(device))))
    for (let i = 0; i < missing; i++) await queues.enqueue(trainRunOn(device), {})
    enqueuedRuns += Math.max(0, missing)
  }
  for (const { id } of found.versions) await queues.enqueue(importDatasetJob, { datasetVersionId: id })
  for (const { id } of found.exports) await queues.enqueue(exportModelJob, { exportId: id })
  for (const { id } of found.explanations) await queues.enqueue(explainRunJob, { runId: id })
  for (const { id } of found.weights) await queues.enqueue(inspectWeightsJob, { givenWeightsId: id })
  const { lostRuns, retriedRuns, versions, exports, explanations, weights } = found
  const others = versions.length + exports.length + explanations.length + weights.length
  return { lostRuns, retriedRuns, enqueued: enqueuedRuns + others }
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id)
}

async function findUnfinishedImports(tx: Transaction): Promise<{ id: string }[]> {
  return tx.$queryRaw`
    SELECT id FROM "DatasetVersion"
    WHERE status IN ('PENDING', 'IMPORTING') ORDER BY "createdAt" LIMIT ${MAX_AT_ONCE}`
}

async function findUnfinishedExports(tx: Transaction): Promise<{ id: string }[]> {
  return tx.$queryRaw`
    SELECT id FROM "Export"
    WHERE status IN ('QUEUED', 'RUNNING') ORDER BY "createdAt" LIMIT ${MAX_AT_ONCE}`
}

async function findUnfinishedExplanations(tx: Transaction): Promise<{ id: string }[]> {
  return tx.$queryRaw`
    SELECT "runId" AS id FROM "RunExplanation"
    WHERE status IN ('QUEUED', 'RUNNING') ORDER BY "createdAt" LIMIT ${MAX_AT_ONCE}`
}

async function findWeightsToInspect(tx: Transaction): Promise<{ id: string }[]> {
  return tx.$queryRaw`
    SELECT id FROM "GivenWeights"
    WHERE status = 'PENDING' ORDER BY "createdAt" LIMIT ${MAX_AT_ONCE}`
}

/** Reconciles now and every `everyMs`. @returns a function that stops it and waits for a pass in progress */
export function startReconciling(
  database: Database,
  queues: JobQueues,
  log: Logger,
  everyMs: number,
): () => Promise<void> {
  const once = async () => {
    const reconciled = await reconcile(database, queues).catch(async (error) => {
      log.warn({ err: error }, 'rows and queue could not be compared; trying again')
      await queues.restore().catch(() => {})
      return null
    })
    if (reconciled && reconciled.lostRuns.length > 0)
      log.warn({ runs: reconciled.lostRuns }, 'runs whose worker is gone')
    const decided = await endDecided(database).catch((error) => {
      log.warn({ err: error }, 'experiments with a stopping rule could not be looked at; trying again')
      return []
    })
    if (decided.length > 0) log.info({ experiments: decided }, 'experiments that are decided')
  }
  let pass = once()
  const timer = setInterval(() => {
    pass = pass.then(once)
  }, everyMs)
  return async () => {
    clearInterval(timer)
    await pass
  }
}
