import { MOST_EXPLANATION_ATTEMPTS } from '../../../contract/runs/explanation.ts'
import type { Database, Run } from '../../../prisma/client.ts'
import { findTwins } from '../../../runs/experiments/find-twins.ts'
import { explainRunJob } from '../../../storage/jobs/explain-run.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'

/**
 * Has a worker measure why a run's students differ from their twins. Asked again, the answer is the same explanation;
 * one that failed is tried again.
 */
export async function explainRun(
  services: Services,
  actor: Actor | null,
  { runId }: { runId: string },
): Promise<Run> {
  const { database } = services
  const run = await permit({ database, actor }, 'Run', runId, 'MEMBER')
  const problem = await whyNotExplainable(services, run)
  if (problem) throw new AppError('NOT_READY', problem, ['runId'])
  const { status } = await inTransaction(database, async (tx) => {
    const again = { status: 'QUEUED', failure: null, done: 0, startedAt: null, finishedAt: null } as const
    await tx.runExplanation.updateMany({ where: { runId, status: 'FAILED' }, data: again })
    const row = { runId, teamId: run.teamId }
    return tx.runExplanation.upsert({ where: { runId }, create: row, update: {} })
  })
  if (status === 'QUEUED') await enqueue(services, runId)
  return run
}

/** @returns what to do before a run can be explained; null where it can */
export async function whyNotExplainable({ database }: Services, run: Run): Promise<string | null> {
  if (run.status !== 'SUCCEEDED') return 'Only a run that has succeeded can be explained. Wait for its end.'
  if (run.retrievalQueriesSha256 !== null)
    return 'Runs that search for images have no posteriors to explain. Explain one that learns classes.'
  const explanation = await database.runExplanation.findUnique({ where: { runId: run.id } })
  if (explanation?.status === 'FAILED' && explanation.attempts >= MOST_EXPLANATION_ATTEMPTS)
    return `It was tried ${explanation.attempts} times, and is not tried again. Ask an administrator to look at the workers’ logs.`
  const twins = await findTwins(database, run.id)
  if (twins.length === 0) return whyWithoutTwins(database, run)
  const ids = [...new Set(twins.map(({ runId }) => runId))]
  const finished = await database.run.count({ where: { id: { in: ids }, status: 'SUCCEEDED' } })
  if (finished === ids.length) return null
  return 'The run of its students’ twins has not succeeded. Wait for its end.'
}

async function whyWithoutTwins(database: Database, { cohortId }: Run): Promise<string> {
  const { method } = await database.cohort.findUniqueOrThrow({ where: { id: cohortId } })
  if (method === 'INDEPENDENT')
    return 'Its students learned alone: those of other arms are compared with them. Open a run of an arm that is taught.'
  return 'Its students have no twins that learned alone with the same seed. Start it as an experiment with an INDEPENDENT arm.'
}

/** Where the queue is away the explanation stays QUEUED, and the workers' reconciler enqueues it later. */
async function enqueue({ queues, log }: Services, runId: string): Promise<void> {
  try {
    await queues.enqueue(explainRunJob, { runId })
  } catch (error) {
    log.warn({ err: error, runId }, 'the explanation was not enqueued; the reconciler will')
  }
}
