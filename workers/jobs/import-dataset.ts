import { type Job, WaitingError } from 'bullmq'
import { ImportReport } from '../../contract/import-report.ts'
import { CHANNELS } from '../../contract/run-events.ts'
import type { Database } from '../../prisma/client.ts'
import { Prisma } from '../../prisma/client.ts'
import { type PackResult, packDataset } from '../datasets/pack.ts'
import { RefusedDataset } from '../datasets/refused-dataset.ts'
import { throughOutage } from './database-outage.ts'
import type { WorkerContext } from './worker-context.ts'

const PROGRESS_MS = 250
/** An import that ended its worker so often would end the next one too. */
const MAX_STARTS = 5

interface Import {
  id: string
  uploadSha256: string | null
  wantedHeight: number | null
  wantedWidth: number | null
  wantedChannels: number | null
}

/** Packs a dataset version's upload and makes the version READY, or FAILED with words. May be repeated after a crash. */
export async function importDataset(
  context: WorkerContext,
  datasetVersionId: string,
  job: Job,
): Promise<void> {
  const { database, shutdown } = context
  const log = context.log.child({ datasetVersionId })
  const version = await beginImport(database, datasetVersionId)
  if (!version) {
    log.info('the version is not to be imported: nothing to do')
    return
  }
  try {
    if (job.attemptsStarted > MAX_STARTS)
      throw new RefusedDataset(
        `The import ended its worker ${MAX_STARTS} times and was given up. A picture in the archive may be the cause.`,
      )
    const result = await packUpload(context, version)
    await becomeReady(database, datasetVersionId, result)
    log.info({ pictures: result.report.pictures, leftOut: result.report.leftOutCount }, 'imported')
  } catch (error) {
    if (shutdown.aborted) await giveBack(job)
    if (!(error instanceof RefusedDataset) && job.attemptsMade + 1 < (job.opts.attempts ?? 1)) throw error
    log.warn({ err: error }, 'the import failed')
    await becomeFailed(database, datasetVersionId, error)
  }
}

async function beginImport(database: Database, id: string): Promise<Import | null> {
  const { count } = await database.datasetVersion.updateMany({
    where: { id, status: { in: ['PENDING', 'IMPORTING'] } },
    data: { status: 'IMPORTING', picturesSeen: 0, picturesTotal: null },
  })
  if (count === 0) return null
  await database.$executeRaw`SELECT pg_notify(${CHANNELS.datasetVersions}, ${id})`
  const version = await database.datasetVersion.findUnique({ where: { id }, include: { upload: true } })
  return version && { ...version, uploadSha256: version.upload.sha256 }
}

async function packUpload(
  { database, storage, shutdown, log }: WorkerContext,
  version: Import,
): Promise<PackResult> {
  const { uploadSha256: sha256 } = version
  if (sha256 === null || !(await storage.has(sha256)))
    throw new RefusedDataset('The uploaded file is no longer in the storage. Upload it again.')
  const progress = new ImportProgress(database, version.id, (error) =>
    log.warn({ err: error }, 'the progress of an import could not be written'),
  )
  const wanted = {
    height: version.wantedHeight,
    width: version.wantedWidth,
    channels: version.wantedChannels,
  }
  const result = await packDataset(await storage.fetchLocal(sha256), storage, {
    wanted,
    signal: shutdown,
    onProgress: (seen, total) => progress.tell(seen, total),
  }).finally(() => progress.settle())
  if (result.manifest.kind === 'RETRIEVAL')
    throw new RefusedDataset(
      'This is a dataset for retrieval (Market-1501), which can be trained on with `npm run train`, and not yet here.',
    )
  return result
}

/** Writes how far an import is, four times a second; a write that fails is only logged. */
class ImportProgress {
  readonly #database: Database
  readonly #id: string
  readonly #onError: (error: unknown) => void
  #toldAtMs = 0
  #write: Promise<void> | undefined

  constructor(database: Database, id: string, onError: (error: unknown) => void) {
    this.#database = database
    this.#id = id
    this.#onError = onError
  }

  tell(seen: number, total: number): void {
    const now = performance.now()
    if (this.#write || now - this.#toldAtMs < PROGRESS_MS) return
    this.#toldAtMs = now
    this.#write = this.#tell(seen, total)
      .catch(this.#onError)
      .finally(() => {
        this.#write = undefined
      })
  }

  /** Nothing is written any more once it resolves. */
  async settle(): Promise<void> {
    await this.#write
  }

  async #tell(seen: number, total: number): Promise<void> {
    await this.#database.$executeRaw`
      WITH changed AS (
        UPDATE "DatasetVersion" SET "picturesSeen" = ${seen}, "picturesTotal" = ${total}
        WHERE id = ${this.#id} AND status = 'IMPORTING' RETURNING id)
      SELECT pg_notify(${CHANNELS.datasetVersions}, id) FROM changed`
  }
}

async function becomeReady(database: Database, id: string, { manifest, report }: PackResult): Promise<void> {
  const total = report.pictures + report.leftOutCount
  await changeImporting(database, id, {
    status: 'READY',
    manifest,
    report: ImportReport.parse(report),
    readyAt: new Date(),
    picturesSeen: total,
    picturesTotal: total,
  })
}

async function becomeFailed(database: Database, id: string, error: unknown): Promise<void> {
  const isRefused = error instanceof RefusedDataset
  const report = isRefused ? error.report : undefined
  await changeImporting(database, id, {
    status: 'FAILED',
    failure: isRefused
      ? error.message
      : 'Something went wrong inside the worker, and its log says what. Import the upload again.',
    report: report ? ImportReport.parse(report) : Prisma.DbNull,
  })
}

/** Changes the version if it is still being imported: a repetition that comes second changes nothing. */
async function changeImporting(
  database: Database,
  id: string,
  data: Prisma.DatasetVersionUpdateManyMutationInput,
): Promise<void> {
  await throughOutage(() =>
    database.$transaction(async (tx) => {
      await tx.datasetVersion.updateMany({ where: { id, status: 'IMPORTING' }, data })
      await tx.$executeRaw`SELECT pg_notify(${CHANNELS.datasetVersions}, ${id})`
    }),
  )
}

/** The worker is ending: the job goes back to the queue at once, and does not count as tried. */
async function giveBack(job: Job): Promise<never> {
  await job.moveToWait(job.token)
  throw new WaitingError()
}
