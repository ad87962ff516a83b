import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Job } from 'bullmq'
import { RunEvaluation } from '../../contract/evaluation.ts'
import {
  type ExportOrder,
  type ExportStep,
  FORMATS_OF_IMAGES,
  MAX_WEIGHT_BYTES,
  WEIGHTS_FILE,
} from '../../contract/exports.ts'
import { newId } from '../../contract/ids.ts'
import { FAILURE_LENGTH } from '../../contract/limits.ts'
import { PackedDataset } from '../../contract/packed/manifest.ts'
import { Recipe } from '../../contract/recipes/recipe.ts'
import { toStorable } from '../../contract/text.ts'
import type { ExecutionMode } from '../../contract/training.ts'
import type { Database } from '../../prisma/client.ts'
import { retryWhileDatabaseAway } from '../../prisma/database-away.ts'
import { recordModelExported } from '../../runs/team-events.ts'
import type { Blob } from '../../storage/blob-storage.ts'
import { readZipEntry } from '../../storage/read-zip-entry.ts'
import { fetchExportImages } from '../training/fetch-export-images.ts'
import { writeExport } from '../training/start-export.ts'
import { returnToQueue } from './return-to-queue.ts'
import { scratchPrefix } from './scratch.ts'
import { cohortOf } from './training-order.ts'
import type { WorkerContext } from './worker-context.ts'

/** A permanent failure: retrying would not help. */
class CannotExport extends Error {}

/**
 * Writes a model or an ensemble in the requested format, and makes the export READY, or FAILED with a
 * message.
 */
export async function exportModel(
  context: WorkerContext,
  { exportId }: { exportId: string },
  job: Job,
): Promise<void> {
  const { database, storage, config, shutdown } = context
  const log = context.log.child({ exportId })
  if (!(await beginExport(database, exportId))) return
  await mkdir(config.scratchFolder, { recursive: true })
  const folder = await mkdtemp(path.join(config.scratchFolder, scratchPrefix()))
  try {
    const order = await makeExportOrder(context, exportId, folder)
    // Chained, so that concurrent updates cannot be written out of order.
    let updates = Promise.resolve()
    const reportStep = (step: ExportStep) => {
      updates = updates.then(() => updateStep(context, exportId, step))
      return updates
    }
    const answer = await writeExport(order, config.trainingEnvironment, {
      signal: shutdown,
      onStep: (step) => void reportStep(step),
    })
    if (answer.type === 'failed') throw new CannotExport(answer.message)
    await reportStep('STORING')
    const blob = await storage.putFile(answer.path)
    await markReady(database, exportId, answer.fileName, blob)
    log.info({ bytes: blob.byteLength }, 'exported')
  } catch (error) {
    if (shutdown.aborted) await returnToQueue(job)
    if (!(error instanceof CannotExport) && job.attemptsMade + 1 < (job.opts.attempts ?? 1)) throw error
    log.warn({ err: error }, 'the export failed')
    await markFailed(database, exportId, error)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Also starts from RUNNING, in case a worker died: exports are deterministic, so repeating one is safe. */
async function beginExport(database: Database, id: string): Promise<boolean> {
  const { count } = await database.export.updateMany({
    where: { id, status: { in: ['QUEUED', 'RUNNING'] } },
    data: { status: 'RUNNING', step: 'READING', startedAt: new Date() },
  })
  return count > 0
}

/** For display only; a failure is logged and ignored. */
async function updateStep({ database, log }: WorkerContext, id: string, step: ExportStep): Promise<void> {
  await database.export
    .updateMany({ where: { id, status: 'RUNNING' }, data: { step } })
    .catch((error) => log.warn({ err: error, exportId: id }, 'the step of an export could not be written'))
}

async function makeExportOrder(
  { database, storage }: WorkerContext,
  id: string,
  folder: string,
): Promise<ExportOrder> {
  const row = await database.export.findUniqueOrThrow({
    where: { id },
    include: { model: { include: { student: true } }, ensemble: true },
  })
  const trained = row.model ?? row.ensemble
  if (!trained) throw new CannotExport('The model is no longer there.')
  const run = await database.run.findUniqueOrThrow({
    where: { id: trained.runId },
    include: {
      cohort: { include: { students: { orderBy: { position: 'asc' } } } },
      datasetVersion: true,
      models: { include: { student: true, artifacts: { where: { format: 'SAFETENSORS' } } } },
    },
  })
  const weightPaths: Record<string, string> = {}
  for (const { studentId, student, artifacts } of run.models) {
    if (row.model && row.model.studentId !== studentId) continue
    const sha256 = artifacts[0]?.sha256
    if (!sha256 || !(await storage.has(sha256)))
      throw new CannotExport(`The weights of ${student.name} are no longer in the storage. Run it again.`)
    const weights = await readZipEntry(await storage.fetchLocal(sha256), WEIGHTS_FILE, MAX_WEIGHT_BYTES)
    if (!weights) throw new CannotExport(`The file of ${student.name} holds no weights.`)
    const weightPath = path.join(folder, `${student.position}.safetensors`)
    await writeFile(weightPath, weights)
    weightPaths[student.name] = weightPath
  }
  const dataset = PackedDataset.parse(run.datasetVersion.manifest)
  const blobPaths = FORMATS_OF_IMAGES.includes(row.format)
    ? await fetchExportImages(dataset, storage, folder)
    : {}
  if (!blobPaths)
    throw new CannotExport(
      'Images of the dataset are no longer in the storage, and without them weights and values cannot be rounded to 8 bits. Ask for ONNX, or import the dataset again and run it again.',
    )
  return {
    training: {
      cohort: cohortOf(run.cohort),
      recipe: Recipe.parse(run.recipe),
      seed: run.seed,
      threadsPerOperation: run.threadsPerOperation ?? undefined,
      ...(run.executionMode && {
        execution: { mode: run.executionMode as ExecutionMode, device: run.executionDevice ?? undefined },
      }),
      dataset,
      blobPaths,
      outputFolder: folder,
      formats: [row.format],
    },
    evaluation: RunEvaluation.parse(run.evaluation),
    subject: row.model ? { kind: 'student', index: row.model.student.position } : { kind: 'ensemble' },
    weightPaths,
  }
}

/** File and status appear together; if another attempt was faster, nothing changes. */
async function markReady(database: Database, id: string, fileName: string, blob: Blob): Promise<void> {
  await retryWhileDatabaseAway(() =>
    database.$transaction(async (tx) => {
      const { count } = await tx.export.updateMany({
        where: { id, status: 'RUNNING' },
        data: { status: 'READY', step: null, finishedAt: new Date() },
      })
      if (count === 0) return
      const { teamId, modelId, ensembleId, format } = await tx.export.findUniqueOrThrow({ where: { id } })
      const { sha256, byteLength } = blob
      await tx.artifact.create({
        data: {
          id: newId('Artifact'),
          ...{ teamId, modelId, ensembleId, format, fileName, sha256 },
          byteLength: BigInt(byteLength),
        },
      })
      await recordModelExported(tx, id, { fileName, byteLength })
    }),
  )
}

async function markFailed(database: Database, id: string, error: unknown): Promise<void> {
  const failure =
    error instanceof CannotExport
      ? error.message
      : 'Something went wrong inside the worker; its log has the details. Request the file again.'
  await retryWhileDatabaseAway(() =>
    database.export.updateMany({
      where: { id, status: 'RUNNING' },
      data: {
        status: 'FAILED',
        step: null,
        failure: toStorable(failure, FAILURE_LENGTH),
        finishedAt: new Date(),
      },
    }),
  )
}
