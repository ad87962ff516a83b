import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import { MAX_UPLOAD_BYTES, MAX_WEIGHTS_FILE_BYTES, NAME_LENGTHS } from '../../../contract/limits.ts'
import type { Transaction, Upload } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { requireRoomToStore } from '../quotas/require-quota.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { countUploaded } from './count-uploaded.ts'

const MAX_OPEN_UPLOADS_A_TEAM = 100

const Input = z
  .object({
    teamId: z.string(),
    fileName: nameUpTo(NAME_LENGTHS.file),
    byteLength: z.int().min(1, 'an empty file').max(MAX_UPLOAD_BYTES, 'a file has at most 5 GiB'),
    purpose: z.enum(['DATASET', 'WEIGHTS']).nullish(),
  })
  .refine(({ purpose, byteLength }) => purpose !== 'WEIGHTS' || byteLength <= MAX_WEIGHTS_FILE_BYTES, {
    path: ['byteLength'],
    error: 'a file of weights has at most 1 GiB',
  })

/** Begins an upload; its bytes follow by tus. */
export async function createUpload(
  { database }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<Upload> {
  await permit({ database, actor }, 'Team', input.teamId, 'MEMBER')
  const { teamId, fileName, byteLength, purpose } = parseInput(Input, input)
  return withLockedRow(database, 'Team', teamId, async (tx) => {
    await requireRoomToStore(tx, teamId, byteLength, ['byteLength'])
    if (!(await countUploaded(tx, teamId, BigInt(byteLength)))) throw await overQuota(tx, teamId, byteLength)
    if ((await tx.upload.count({ where: { teamId, status: 'OPEN' } })) >= MAX_OPEN_UPLOADS_A_TEAM)
      throw new AppError(
        'LIMIT_EXCEEDED',
        `The team has ${MAX_OPEN_UPLOADS_A_TEAM} unfinished uploads. Finish or cancel some; the others are dropped after a day, those of which nothing came after an hour.`,
      )
    return tx.upload.create({
      data: {
        id: newId('Upload'),
        teamId,
        createdById: requireActor(actor).userId,
        fileName,
        byteLength: BigInt(byteLength),
        purpose: purpose ?? 'DATASET',
      },
    })
  })
}

async function overQuota(tx: Transaction, teamId: string, byteLength: number): Promise<AppError> {
  const { uploadedBytes, uploadQuotaBytes } = await tx.team.findUniqueOrThrow({ where: { id: teamId } })
  const gibibytes = (bytes: bigint | number) => (Number(bytes) / 1024 ** 3).toFixed(2)
  return new AppError(
    'LIMIT_EXCEEDED',
    `The team has uploaded ${gibibytes(uploadedBytes)} of ${gibibytes(uploadQuotaBytes)} GiB; ${gibibytes(byteLength)} GiB more do not fit. Delete datasets that are not needed.`,
    ['byteLength'],
  )
}
