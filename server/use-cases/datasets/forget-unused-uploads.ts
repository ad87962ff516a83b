import type { Transaction } from '../../../prisma/client.ts'
import { countUploaded } from '../uploads/count-uploaded.ts'

/** An upload that was just taken up may not have its version yet. */
const SPARED_MS = 60 * 60 * 1000

/** Deletes a team's finalized uploads that no version was made of, and counts their bytes no more. */
export async function forgetUnusedUploads(tx: Transaction, teamId: string): Promise<void> {
  const where = {
    teamId,
    status: 'FINALIZED',
    datasetVersions: { none: {} },
    finalizedAt: { lt: new Date(Date.now() - SPARED_MS) },
  } as const
  const unused = await tx.upload.findMany({ where, select: { id: true, byteLength: true } })
  await tx.upload.deleteMany({ where: { id: { in: unused.map(({ id }) => id) } } })
  await countUploaded(tx, teamId, -unused.reduce((sum, { byteLength }) => sum + byteLength, 0n))
}
