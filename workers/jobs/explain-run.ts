import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Job } from 'bullmq'
import { FAILURE_LENGTH } from '../../contract/limits.ts'
import {
  ExplainMessage,
  type Explanation,
  MOST_EXPLANATION_ATTEMPTS,
} from '../../contract/runs/explanation.ts'
import { toStorable } from '../../contract/text.ts'
import type { Prisma } from '../../prisma/client.ts'
import { retryWhileDatabaseAway } from '../../prisma/database-away.ts'
import { explainAgreement } from '../explain/agreement.ts'
import { CannotExplain, makeExplainOrder } from '../explain/order.ts'
import { askProcess } from '../training/ask-process.ts'
import { withThreads } from '../training/training-environment.ts'
import { returnToQueue } from './return-to-queue.ts'
import { scratchPrefix } from './scratch.ts'
import { cohortOf } from './training-order.ts'
import type { WorkerContext } from './worker-context.ts'

const LIMIT_MS = 60 * 60 * 1000

/** Measures why a run's students differ from their twins, and makes its explanation READY, or FAILED with a message. */
export async function explainRun(
  context: WorkerContext,
  { runId }: { runId: string },
  job: Job,
): Promise<void> {
  const { config, shutdown } = context
  const log = context.log.child({ runId })
  if (!(await begin(context, runId))) return
  await mkdir(config.scratchFolder, { recursive: true })
  const folder = await mkdtemp(path.join(config.scratchFolder, scratchPrefix()))
  try {
    const explanation = await measure(context, runId, folder)
    await end(context, runId, { status: 'READY', result: explanation, failure: null })
    log.info('explained')
  } catch (error) {
    if (shutdown.aborted) {
      await takeBackAttempt(context, runId)
      await returnToQueue(job)
    }
    if (!(error instanceof CannotExplain) && job.attemptsMade + 1 < (job.opts.attempts ?? 1)) throw error
    log.warn({ err: error }, 'the run could not be explained')
    const failure =
      error instanceof CannotExplain
        ? error.message
        : 'Something went wrong inside the worker; its log has the details. Ask for it again.'
    await end(context, runId, { status: 'FAILED', failure: toStorable(failure, FAILURE_LENGTH) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Also from RUNNING, in case a worker died: measuring again gives the same.
 * @returns whether there is something to measure; what was begun too often FAILED
 */
async function begin({ database }: WorkerContext, runId: string): Promise<boolean> {
  const unfinished: Prisma.RunExplanationWhereInput = { runId, status: { in: ['QUEUED', 'RUNNING'] } }
  const { count } = await database.runExplanation.updateMany({
    where: { ...unfinished, attempts: { lt: MOST_EXPLANATION_ATTEMPTS } },
    data: { status: 'RUNNING', done: 0, startedAt: new Date(), attempts: { increment: 1 } },
  })
  if (count > 0) return true
  const failure =
    'The workers that measured it died each time; look at their logs, and whether their memory suffices.'
  await database.runExplanation.updateMany({
    where: unfinished,
    data: { status: 'FAILED', failure, finishedAt: new Date() },
  })
  return false
}

/** A worker that is stopped did not fail. */
async function takeBackAttempt({ database, log }: WorkerContext, runId: string): Promise<void> {
  await database.runExplanation
    .updateMany({ where: { runId, status: 'RUNNING' }, data: { attempts: { decrement: 1 } } })
    .catch((error) => log.warn({ err: error, runId }, 'the attempt could not be taken back'))
}

async function measure(context: WorkerContext, runId: string, folder: string): Promise<Explanation> {
  const { database, config, shutdown, log } = context
  const run = await database.run.findUniqueOrThrow({
    where: { id: runId },
    include: { cohort: { include: { students: { orderBy: { position: 'asc' } } } }, datasetVersion: true },
  })
  const order = await makeExplainOrder(context, run, cohortOf(run.cohort), folder)
  const answer = await askProcess<ExplainMessage>({
    program: 'explain-process',
    order,
    messages: ExplainMessage,
    environment: withThreads(config.trainingEnvironment, order.training.threadsPerOperation),
    limitMs: LIMIT_MS,
    signal: shutdown,
    onProgress: (message) => {
      if (message.type !== 'progress') return false
      // For display only.
      void database.runExplanation
        .updateMany({ where: { runId, status: 'RUNNING' }, data: { done: message.done } })
        .catch((error) => log.warn({ err: error, runId }, 'the progress could not be written'))
      return true
    },
  })
  if (answer.type !== 'explained')
    throw new CannotExplain(answer.type === 'failed' ? answer.message : 'It was not answered.')
  const { explanation } = answer
  return { ...explanation, measures: [...explanation.measures, ...(await explainAgreement(database, runId))] }
}

async function end(
  { database }: WorkerContext,
  runId: string,
  data: { status: 'READY' | 'FAILED'; failure: string | null; result?: Explanation },
): Promise<void> {
  await retryWhileDatabaseAway(() =>
    database.runExplanation.updateMany({
      where: { runId, status: 'RUNNING' },
      data: { ...data, done: 1, finishedAt: new Date() },
    }),
  )
}
