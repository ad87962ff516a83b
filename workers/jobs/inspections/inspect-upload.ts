import { inspectDataset } from '../../datasets/pack/inspect-dataset.ts'
import type { ImportContext } from '../worker-context.ts'

/** Inspects a finalized upload, so that a user can confirm what it will be imported as. Can be rerun. */
export async function inspectUpload(
  { database, storage, config, log }: ImportContext,
  { uploadId }: { uploadId: string },
): Promise<void> {
  const upload = await database.upload.findUnique({ where: { id: uploadId } })
  if (!upload?.sha256 || upload.inspection !== null) return
  const location = await storage.fetchLocal(upload.sha256)
  const inspection = await inspectDataset(location, config.scratchFolder)
  await database.upload.updateMany({ where: { id: uploadId }, data: { inspection } })
  log.info({ uploadId, outcome: inspection.outcome }, 'inspected an upload')
}
