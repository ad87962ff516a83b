import type { Transaction } from '../../../prisma/client.ts'
import { readStoredBytes as readStoredByTeam, type StoredBytes } from '../instance/read-stored-bytes.ts'

type Reader = Pick<Transaction, '$queryRaw'>

/** What a team stores, and what its uploads under way will: those count by what was announced. */
export async function readStoredBytes(database: Reader, teamId: string): Promise<StoredBytes> {
  return (await readStoredBytesOf(database, [teamId]))(teamId)
}

/** The same of some teams. @returns a function that tells it of each */
export async function readStoredBytesOf(
  database: Reader,
  teamIds: readonly string[],
): Promise<(teamId: string) => StoredBytes> {
  const storedOf = await readStoredByTeam(database, teamIds)
  const rows = await database.$queryRaw<{ teamId: string; bytes: bigint }[]>`
    SELECT "teamId", sum("byteLength")::bigint AS bytes FROM "Upload"
    WHERE "teamId" = ANY(${[...teamIds]}) AND status = 'OPEN' GROUP BY "teamId"`
  const announced = new Map(rows.map(({ teamId, bytes }) => [teamId, bytes]))
  return (teamId) => {
    const stored = storedOf(teamId)
    const open = announced.get(teamId) ?? 0n
    return { ...stored, uploads: stored.uploads + open, total: stored.total + open }
  }
}
