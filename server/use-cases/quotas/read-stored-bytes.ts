import type { Transaction } from '../../../prisma/client.ts'
import { readStoredBytes as readStoredByTeam, type StoredBytes } from '../instance/read-stored-bytes.ts'

/** What a team stores, and what its uploads under way will: those count by what was announced. */
export async function readStoredBytes(
  database: Pick<Transaction, '$queryRaw'>,
  teamId: string,
): Promise<StoredBytes> {
  const stored = (await readStoredByTeam(database, [teamId]))(teamId)
  const [open] = await database.$queryRaw<{ bytes: bigint }[]>`
    SELECT COALESCE(sum("byteLength"), 0)::bigint AS bytes FROM "Upload" WHERE "teamId" = ${teamId} AND status = 'OPEN'`
  const announced = open?.bytes ?? 0n
  return { ...stored, uploads: stored.uploads + announced, total: stored.total + announced }
}
