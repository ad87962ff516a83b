import type { Prisma, Transaction } from '../../../prisma/client.ts'
import { countUploaded } from '../uploads/count-uploaded.ts'

/** An upload that was just taken up may not have its version yet. */
const SPARED_MS = 60 * 60 * 1000

/**
 * Deletes a team's finalized uploads that nothing was made of, and counts their bytes no more: once, whoever else deletes
 * something at this moment.
 * @param left  the upload of something that has just been deleted, which is not spared
 */
export async function forgetUnusedUploads(tx: Transaction, teamId: string, left = ''): Promise<void> {
  const where = {
    ...{ teamId, status: 'FINALIZED' as const, datasetVersions: { none: {} }, givenWeights: { none: {} } },
    OR: [{ id: left }, { finalizedAt: { lt: new Date(Date.now() - SPARED_MS) } }],
  } satisfies Prisma.UploadWhereInput
  await tx.$queryRaw`SELECT id FROM "Team" WHERE id = ${teamId} FOR NO KEY UPDATE`
  const unused = await tx.upload.findMany({ where, select: { id: true, byteLength: true } })
  await tx.upload.deleteMany({ where: { id: { in: unused.map(({ id }) => id) } } })
  await countUploaded(tx, teamId, -unused.reduce((sum, { byteLength }) => sum + byteLength, 0n))
}
