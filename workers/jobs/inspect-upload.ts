import { inspectDataset } from '../datasets/inspect.ts'
import { UnreadableFile } from '../datasets/unreadable-file.ts'
import type { WorkerContext } from './worker-context.ts'

/** Looks at a finalized upload, so that a person can confirm what it will be imported as. May be repeated. */
export async function inspectUpload(
  { database, storage, config, log }: WorkerContext,
  uploadId: string,
): Promise<void> {
  const upload = await database.upload.findUnique({ where: { id: uploadId } })
  if (!upload?.sha256 || upload.inspection !== null) return
  const location = await storage.fetchLocal(upload.sha256)
  const inspection = await inspectDataset(location, config.scratchFolder).catch((error) => {
    if (!(error instanceof UnreadableFile)) throw error
    return { outcome: 'REFUSED', reason: `A file in it cannot be read: ${error.message}.` } as const
  })
  await database.upload.updateMany({ where: { id: uploadId }, data: { inspection } })
  log.info({ uploadId, outcome: inspection.outcome }, 'an upload was looked at')
}
