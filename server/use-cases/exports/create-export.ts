import { newId } from '../../../contract/ids.ts'
import type { Artifact, ArtifactFormat, Export } from '../../../prisma/client.ts'
import { exportModelJob } from '../../../storage/jobs/export-model.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit, type TrainedModelRow } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { referenceTo } from '../models/reference-to.ts'
import { requireRoomToStore } from '../quotas/require-quota.ts'
import { isUniqueViolation } from '../unique.ts'

/** In which every export on demand finds the weights. */
const SOURCE_FORMAT = 'SAFETENSORS'

interface Answer {
  export: Export | null
  artifact: Artifact | null
}

/**
 * Has a model or an ensemble written in another format by a worker. Asked again, the answer is the same file or the same
 * export; one that failed is tried again.
 */
export async function createExport(
  services: Services,
  actor: Actor | null,
  input: { id: string; format: ArtifactFormat },
): Promise<Answer> {
  const { database } = services
  const trained = await permit({ database, actor }, 'TrainedModel', input.id, 'MEMBER')
  const { format } = input
  const artifact = trained.artifacts.find((candidate) => candidate.format === format)
  const where = { ...referenceTo(input.id), format }
  const earlier = await database.export.findFirst({ where })
  if (artifact) return { export: earlier, artifact }
  await requireWeights(services, trained)
  const row = await ask(services, earlier, {
    ...where,
    id: newId('Export'),
    teamId: trained.teamId,
    createdById: requireActor(actor).userId,
  })
  if (row.status === 'QUEUED') await enqueue(services, row.id)
  return { export: row, artifact: null }
}

/** Runs of before the weights were kept by themselves left nothing to write another format from. */
async function requireWeights({ database }: Services, { runId }: TrainedModelRow): Promise<void> {
  const models = await database.model.findMany({ where: { runId }, include: { artifacts: true } })
  if (models.every(({ artifacts }) => artifacts.some(({ format }) => format === SOURCE_FORMAT))) return
  throw new AppError(
    'NOT_READY',
    'The run was made before weights were kept as safetensors, from which other formats are written. Run it again.',
    ['id'],
  )
}

async function ask(
  { database }: Services,
  earlier: Export | null,
  data: Parameters<Services['database']['export']['create']>[0]['data'],
): Promise<Export> {
  if (earlier && earlier.status !== 'FAILED') return earlier
  if (earlier) {
    const again = { status: 'QUEUED', failure: null, startedAt: null, finishedAt: null } as const
    await inTransaction(database, (tx) =>
      tx.export.updateMany({ where: { id: earlier.id, status: 'FAILED' }, data: again }),
    )
    return database.export.findUniqueOrThrow({ where: { id: earlier.id } })
  }
  try {
    return await inTransaction(database, async (tx) => {
      await requireRoomToStore(tx, data.teamId as string, 0)
      return tx.export.create({ data })
    })
  } catch (error) {
    // Somebody else asked for the same at this moment; theirs is the answer.
    if (!isUniqueViolation(error)) throw error
    const { modelId = null, ensembleId = null, format } = data
    return database.export.findFirstOrThrow({ where: { modelId, ensembleId, format } })
  }
}

/** Where the queue is away the export stays QUEUED, and the workers' reconciler enqueues it later. */
async function enqueue({ queues, log }: Services, exportId: string): Promise<void> {
  try {
    await queues.enqueue(exportModelJob, { exportId })
  } catch (error) {
    log.warn({ err: error, exportId }, 'the export was not enqueued; the reconciler will')
  }
}
