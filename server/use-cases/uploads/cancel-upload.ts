import type { Upload } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { dropUpload } from './drop-upload.ts'

/** Ends an upload that is not finalized: its row and its bytes go, and count no more. @returns its id */
export async function cancelUpload(
  { database, uploads, uploadTurns }: Services,
  actor: Actor | null,
  { uploadId }: { uploadId: string },
): Promise<string> {
  await permit({ database, actor }, 'Upload', uploadId, 'MEMBER')
  // In its turn: bytes of it may be being verified at this moment.
  const isDropped = await uploadTurns.inTurn(uploadId, () => dropUpload({ database, uploads }, uploadId))
  if (isDropped || !(await isFinalized(database.upload.findUnique({ where: { id: uploadId } }))))
    return uploadId
  throw new AppError(
    'CONFLICT',
    'The upload is finalized. What was imported from it is deleted as a dataset.',
    ['uploadId'],
  )
}

/** One that is gone was canceled by somebody else at this moment. */
async function isFinalized(row: PromiseLike<Upload | null>): Promise<boolean> {
  return (await row)?.status === 'FINALIZED'
}
