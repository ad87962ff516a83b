import type { Database } from '../../../prisma/client.ts'
import { takesRuns } from '../../../runs/drains.ts'

/** How many runs of the team can be trained at a time, at least one. */
export async function countPlaces(database: Database, teamId: string): Promise<number> {
  const { maxRunningRuns } = await database.team.findUniqueOrThrow({ where: { id: teamId } })
  const [{ capacity } = { capacity: 0 }] = await database.$queryRaw<{ capacity: number }[]>`
    SELECT COALESCE(sum(capacity), 0)::int AS capacity FROM "Worker" WHERE ${takesRuns}`
  return Math.max(1, Math.min(maxRunningRuns, capacity))
}
