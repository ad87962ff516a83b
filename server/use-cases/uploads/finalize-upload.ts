import { z } from 'zod'
import type { Upload } from '../../../prisma/client.ts'
import { UnexpectedBytes } from '../../../storage/blob-storage.ts'
import { inspectUploadJob } from '../../../storage/jobs/inspect-upload.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'

const Input = z.object({
  uploadId: z.string(),
  sha256: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hexadecimal characters'),
})

/**
 * Verifies the bytes of an upload and keeps them as a blob. The same call again gives the same answer.
 * @throws AppError UPLOAD_INCOMPLETE; HASH_MISMATCH, after which the bytes may be sent again from the first
 */
export async function finalizeUpload(
  services: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<Upload> {
  const { database, storage, uploads, uploadTurns } = services
  await permit({ database, actor }, 'Upload', input.uploadId, 'MEMBER')
  const { uploadId, sha256 } = parseInput(Input, input)
  try {
    const finalized = await uploadTurns.inTurn(uploadId, async () => {
      // Read in its turn: the same call may have been made twice, and the other one has come to its end.
      const upload = await database.upload.findUnique({ where: { id: uploadId } })
      if (!upload) throw notFound('upload', ['uploadId'])
      return finalize({ database, storage, uploads }, upload, sha256)
    })
    await askForInspection(services, finalized)
    return finalized
  } catch (error) {
    // The other call may have been another server's, which has moved the bytes away meanwhile.
    const now = await database.upload.findUnique({ where: { id: uploadId } })
    if (now?.status === 'FINALIZED') return checkSameHash(now, sha256)
    throw error
  }
}

async function finalize(
  { database, storage, uploads }: Pick<Services, 'database' | 'storage' | 'uploads'>,
  upload: Upload,
  sha256: string,
): Promise<Upload> {
  const { id, status } = upload
  if (status === 'FINALIZED') return checkSameHash(upload, sha256)
  await requireWhole(uploads, upload)
  await keep({ storage, uploads }, id, sha256)
  const finalized = { status: 'FINALIZED', sha256, finalizedAt: new Date() } as const
  await inTransaction(database, (tx) =>
    tx.upload.updateMany({ where: { id, status: 'OPEN' }, data: finalized }),
  )
  await uploads.remove(id)
  return database.upload.findUniqueOrThrow({ where: { id } })
}

/** What is not looked at can still be imported, as what is recognised then; weights are looked at when they are taken up. */
async function askForInspection(
  { queues, log }: Services,
  { id, inspection, purpose }: Upload,
): Promise<void> {
  if (inspection !== null || purpose !== 'DATASET') return
  await queues.enqueue(inspectUploadJob, { uploadId: id }).catch((error) => {
    log.warn({ err: error, uploadId: id }, 'nobody could be asked to look at an upload')
  })
}

/** Hashed while it is written, and kept only then: wrong bytes never lie among the blobs. */
async function keep(
  { storage, uploads }: Pick<Services, 'storage' | 'uploads'>,
  uploadId: string,
  sha256: string,
): Promise<void> {
  try {
    await storage.put(await uploads.read(uploadId), sha256)
  } catch (error) {
    if (!(error instanceof UnexpectedBytes)) throw error
    await uploads.remove(uploadId)
    throw mismatch(sha256, error.found)
  }
}

function checkSameHash(upload: Upload, sha256: string): Upload {
  if (upload.sha256 === sha256) return upload
  throw mismatch(sha256, String(upload.sha256))
}

async function requireWhole(uploads: Services['uploads'], upload: Upload): Promise<void> {
  const received = await uploads.receivedBytes(upload.id)
  if (BigInt(received) === upload.byteLength) return
  throw new AppError(
    'UPLOAD_INCOMPLETE',
    `${received} of ${upload.byteLength} bytes have arrived. Send the rest, then finalize again.`,
    ['uploadId'],
  )
}

function mismatch(announced: string, found: string): AppError {
  return new AppError(
    'HASH_MISMATCH',
    `The bytes that arrived have the SHA-256 ${found}, not ${announced}. Send the file again.`,
    ['sha256'],
  )
}
