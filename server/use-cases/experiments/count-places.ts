import { WORKER_SILENT_SECONDS } from '../../../contract/devices.ts'
import { type Database, Prisma } from '../../../prisma/client.ts'
import { isDrained } from '../../../runs/drains.ts'

/** How many runs of the team can be trained at a time, at least one. */
export async function countPlaces(database: Database, teamId: string): Promise<number> {
  const { maxRunningRuns } = await database.team.findUniqueOrThrow({ where: { id: teamId } })
  const [{ capacity } = { capacity: 0 }] = await database.$queryRaw<{ capacity: number }[]>`
    SELECT COALESCE(sum(capacity), 0)::int AS capacity FROM "Worker"
    WHERE NOT draining AND NOT ${isDrained(Prisma.sql`"Worker".name`)} AND "heartbeatAt" > now() - make_interval(secs => ${WORKER_SILENT_SECONDS})`
  return Math.max(1, Math.min(maxRunningRuns, capacity))
}
