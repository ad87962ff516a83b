import { Prisma, type Transaction } from '../../../prisma/client.ts'

/**
 * Counts bytes that a team uploads, or no longer has: in one statement with the check, so that no two uploads share the
 * last place. Whoever comes second waits for the first one's transaction.
 * @returns false where it would be more than the team may have; nothing is counted then
 */
export async function countUploaded(tx: Transaction, teamId: string, bytes: bigint): Promise<boolean> {
  // Beside a bare 0 PostgreSQL would take the parameter for an int4, which ends at 2 GiB.
  const added = Prisma.sql`${bytes}::bigint`
  const changed = await tx.$executeRaw`
    UPDATE "Team" SET "uploadedBytes" = greatest(0, "uploadedBytes" + ${added})
    WHERE id = ${teamId} AND (${added} <= 0 OR "uploadedBytes" + ${added} <= "uploadQuotaBytes")`
  return changed > 0
}
