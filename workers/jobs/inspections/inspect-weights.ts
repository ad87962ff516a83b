import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Job } from 'bullmq'
import { FAILURE_LENGTH } from '../../../contract/limits.ts'
import { toStorable } from '../../../contract/text.ts'
import type { GivenWeightsInspection, WeightsAnswer } from '../../../contract/weights/given-weights.ts'
import type { Prisma } from '../../../prisma/client.ts'
import { retryWhileDatabaseAway } from '../../../prisma/database-away.ts'
import { lookAtWeights } from '../../training/start-weights.ts'
import { returnToQueue } from '../return-to-queue.ts'
import { scratchPrefix } from '../scratch.ts'
import type { WorkerContext } from '../worker-context.ts'

/** A file that crashed its worker this often would crash the next one, too. */
const MAX_STARTS = 3

type Context = Pick<WorkerContext, 'database' | 'storage' | 'log' | 'shutdown'> & {
  config: Pick<WorkerContext['config'], 'scratchFolder' | 'trainingEnvironment'>
}

/**
 * Looks at a team's file of weights and makes it READY, with what it fits, or REFUSED with the reason. Can be rerun after
 * a crash.
 */
export async function inspectWeights(
  context: Context,
  { givenWeightsId: id }: { givenWeightsId: string },
  job: Job,
): Promise<void> {
  const { database, shutdown } = context
  const log = context.log.child({ givenWeightsId: id })
  const row = await database.givenWeights.findUnique({ where: { id }, include: { upload: true } })
  if (row?.status !== 'PENDING') return
  try {
    const answer = await look(context, row.upload.sha256, job)
    const isRead = answer.type === 'read'
    await settle(context, id, isRead ? answer.inspection : answer.reason)
    log.info({ outcome: answer.type }, 'looked at a file of weights')
  } catch (error) {
    if (shutdown.aborted) await returnToQueue(job)
    if (job.attemptsMade + 1 < (job.opts.attempts ?? 1)) throw error
    log.warn({ err: error }, 'a file of weights could not be looked at')
    await settle(
      context,
      id,
      'Something went wrong while it was read; the worker’s log has the details. The file may take more memory than the worker has.',
    )
  }
}

async function look(context: Context, sha256: string | null, job: Job): Promise<WeightsAnswer> {
  const { storage, config, shutdown } = context
  const refused = (reason: string) => ({ type: 'refused', reason }) as const
  if (job.attemptsStarted > MAX_STARTS)
    return refused(`Reading it crashed the worker ${MAX_STARTS} times and was given up.`)
  if (sha256 === null || !(await storage.has(sha256)))
    return refused('The uploaded file is no longer in the storage. Upload it again.')
  await mkdir(config.scratchFolder, { recursive: true })
  const outputFolder = await mkdtemp(path.join(config.scratchFolder, scratchPrefix()))
  try {
    const location = await storage.fetchLocal(sha256)
    const answer = await lookAtWeights({ location, outputFolder }, config.trainingEnvironment, shutdown)
    if (answer.type === 'read')
      for (const { sha256: made } of answer.inspection.families)
        await storage.putFile(path.join(outputFolder, `${made}.safetensors`))
    return answer
  } finally {
    await rm(outputFolder, { recursive: true, force: true })
  }
}

/** Changes nothing where another attempt was faster, or where it was deleted meanwhile. */
async function settle(
  { database }: Context,
  id: string,
  found: GivenWeightsInspection | string,
): Promise<void> {
  const outcome: Prisma.GivenWeightsUpdateManyMutationInput =
    typeof found === 'string'
      ? { status: 'REFUSED', refusal: toStorable(found, FAILURE_LENGTH) }
      : { status: 'READY', inspection: found }
  await retryWhileDatabaseAway(() =>
    database.givenWeights.updateMany({
      where: { id, status: 'PENDING' },
      data: { ...outcome, inspectedAt: new Date() },
    }),
  )
}
