import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { countUploaded } from './count-uploaded.ts'

/** Drops an upload unless it is finalized, with its bytes. @returns false where it is, or is not there */
export async function dropUpload(
  { database, uploads }: Pick<Services, 'database' | 'uploads'>,
  id: string,
): Promise<boolean> {
  const upload = await database.upload.findUnique({ where: { id } })
  if (!upload) return false
  // The row first: a file without a row is found by nobody, a row without its file would look begun.
  const isDropped = await inTransaction(database, async (tx) => {
    const { count } = await tx.upload.deleteMany({ where: { id, status: 'OPEN' } })
    if (count > 0) await countUploaded(tx, upload.teamId, -upload.byteLength)
    return count > 0
  })
  if (isDropped) await uploads.remove(id)
  return isDropped
}
