import type { Job } from 'bullmq'
import { FORMAT_NAMES, type FormatName } from '../../contract/dataset-formats.ts'
import { DatasetEdit } from '../../contract/edits/dataset-edit.ts'
import { ImportReport } from '../../contract/import-report.ts'
import { FAILURE_LENGTH } from '../../contract/limits.ts'
import { PackedDataset } from '../../contract/packed/manifest.ts'
import { FITS, type Preparation, USUAL_PREPARATION } from '../../contract/packed/preparation.ts'
import { toStorable } from '../../contract/text.ts'
import type { Database } from '../../prisma/client.ts'
import { Prisma } from '../../prisma/client.ts'
import { retryWhileDatabaseAway } from '../../prisma/database-away.ts'
import { notifyDatasetVersion } from '../../runs/notifications.ts'
import { recordDatasetReady } from '../../runs/team-events.ts'
import { InvalidDatasetError } from '../datasets/archives/invalid-dataset-error.ts'
import { editDataset } from '../datasets/edit/edit-dataset.ts'
import { type PackOptions, type PackResult, packDataset } from '../datasets/pack/pack.ts'
import type { WantedShape } from '../datasets/pictures/choose-shape.ts'
import { ImportCanceled, ImportProgress } from './import-progress.ts'
import { returnToQueue } from './return-to-queue.ts'
import type { ImportContext } from './worker-context.ts'

/** An import that crashed its worker this often would crash the next one, too. */
const MAX_STARTS = 5

interface Import {
  id: string
  uploadSha256: string | null
  format: FormatName | undefined
  wanted: WantedShape
  preparation: Preparation
  /** Set if the version is derived from another one. */
  change: { parent: PackedDataset; edit: DatasetEdit } | undefined
}

/**
 * Packs a dataset version's upload and makes the version READY, or FAILED with a message. Can be rerun after
 * a crash.
 */
export async function importDataset(
  context: ImportContext,
  { datasetVersionId }: { datasetVersionId: string },
  job: Job,
): Promise<void> {
  const { database, shutdown } = context
  const log = context.log.child({ datasetVersionId })
  const version = await beginImport(database, datasetVersionId)
  if (!version) {
    log.info('the version is not waiting for an import: nothing to do')
    return
  }
  try {
    if (job.attemptsStarted > MAX_STARTS)
      throw new InvalidDatasetError(
        `The import crashed its worker ${MAX_STARTS} times and was given up. An image in the archive may be the cause.`,
      )
    const result = await runImport(context, version)
    await markReady(database, datasetVersionId, result)
    log.info({ pictures: result.report.pictures, leftOut: result.report.leftOutCount }, 'imported')
  } catch (error) {
    if (error instanceof ImportCanceled) {
      log.info('the import was canceled')
      return
    }
    if (shutdown.aborted) await returnToQueue(job)
    if (!(error instanceof InvalidDatasetError) && job.attemptsMade + 1 < (job.opts.attempts ?? 1))
      throw error
    log.warn({ err: error }, 'the import failed')
    await markFailed(database, datasetVersionId, error)
  }
}

async function beginImport(database: Database, id: string): Promise<Import | null> {
  const { count } = await database.datasetVersion.updateMany({
    where: { id, status: { in: ['PENDING', 'IMPORTING'] } },
    data: { status: 'IMPORTING', picturesSeen: 0, picturesTotal: null, secondsLeft: null },
  })
  if (count === 0) return null
  await notifyDatasetVersion(database, id)
  const version = await database.datasetVersion.findUnique({
    where: { id },
    include: { upload: true, parent: true },
  })
  if (!version) return null
  const { edit, parent, format } = version
  return {
    id,
    uploadSha256: version.upload.sha256,
    format: FORMAT_NAMES.find((name) => name === format),
    wanted: { height: version.wantedHeight, width: version.wantedWidth, channels: version.wantedChannels },
    preparation: {
      fit: FITS.find((fit) => fit === version.wantedFit) ?? USUAL_PREPARATION.fit,
      background: version.wantedBackground ?? USUAL_PREPARATION.background,
    },
    change:
      edit === null
        ? undefined
        : { edit: DatasetEdit.parse(edit), parent: PackedDataset.parse(parent?.manifest) },
  }
}

async function runImport(context: ImportContext, version: Import): Promise<PackResult> {
  const { storage, shutdown, config } = context
  const progress = new ImportProgress(context, version.id)
  const options = {
    signal: AbortSignal.any([shutdown, progress.canceled]),
    onProgress: (seen: number, total: number) => progress.report(seen, total),
    scratch: config.scratchFolder,
  }
  try {
    const result = version.change
      ? await editDataset(version.change.parent, version.change.edit, storage, options)
      : await packUpload(context, version, options)
    options.signal.throwIfAborted()
    return result
  } finally {
    await progress.settle()
  }
}

async function packUpload(
  { storage }: ImportContext,
  { uploadSha256: sha256, format, wanted, preparation }: Import,
  options: PackOptions,
): Promise<PackResult> {
  if (sha256 === null || !(await storage.has(sha256)))
    throw new InvalidDatasetError('The uploaded file is no longer in the storage. Upload it again.')
  return packDataset(await storage.fetchLocal(sha256), storage, { ...options, format, wanted, preparation })
}

async function markReady(database: Database, id: string, result: PackResult): Promise<void> {
  const { manifest, report, overviewSha256, overviewBlobs } = result
  const total = report.pictures + report.leftOutCount
  await settleKind(database, id, manifest.kind)
  await changeImporting(database, id, {
    status: 'READY',
    manifest,
    report: ImportReport.parse(report),
    overviewSha256,
    overviewBlobs,
    readyAt: new Date(),
    picturesSeen: total,
    picturesTotal: total,
  })
}

/**
 * A dataset's kind is that of its first READY version.
 * @throws InvalidDatasetError if an earlier version is READY and of the other kind
 */
async function settleKind(
  database: Database,
  versionId: string,
  kind: PackResult['manifest']['kind'],
): Promise<void> {
  const version = await database.datasetVersion.findUniqueOrThrow({
    where: { id: versionId },
    include: { dataset: { include: { versions: { where: { status: 'READY' }, take: 1 } } } },
  })
  const { id, kind: settled, versions } = version.dataset
  if (kind === settled) return
  if (versions.length > 0)
    throw new InvalidDatasetError(
      `The dataset is for ${settled}, and these images are for ${kind}. Create another dataset for them.`,
    )
  await database.dataset.update({ where: { id }, data: { kind } })
}

async function markFailed(database: Database, id: string, error: unknown): Promise<void> {
  const isInvalid = error instanceof InvalidDatasetError
  const report = isInvalid ? error.report : undefined
  await changeImporting(database, id, {
    status: 'FAILED',
    failure: isInvalid
      ? toStorable(error.message, FAILURE_LENGTH)
      : 'Something went wrong inside the worker; its log has the details. Import the upload again.',
    report: report ? ImportReport.parse(report) : Prisma.DbNull,
  })
}

/** Updates the version only while it is IMPORTING: if another attempt was faster, nothing changes. */
async function changeImporting(
  database: Database,
  id: string,
  data: Prisma.DatasetVersionUpdateManyMutationInput,
): Promise<void> {
  await retryWhileDatabaseAway(() =>
    database.$transaction(async (tx) => {
      const { count } = await tx.datasetVersion.updateMany({ where: { id, status: 'IMPORTING' }, data })
      if (count > 0 && data.status === 'READY') await recordDatasetReady(tx, id)
      await notifyDatasetVersion(tx, id)
    }),
  )
}
