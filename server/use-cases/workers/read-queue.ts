import type { Database } from '../../../prisma/client.ts'
import { HELD } from '../../../runs/lease.ts'
import type { Actor } from '../../access/actor.ts'
import { isAdministrator } from '../../access/administrator.ts'

const DAY_HOURS = 24

/** What a team waits for; of teams to which the actor does not belong all together, without a name. */
export interface TeamQueue {
  teamId: string | null
  teams: number
  waiting: number
  running: number
  longestWaitSeconds: number | null
  medianWaitSeconds: number | null
}

type Row = Omit<TeamQueue, 'teams'> & { teamId: string }

/** Teams with runs that wait or are trained, the longest wait first. Whoever administers the instance sees each. */
export async function readQueue(database: Database, actor: Actor | null): Promise<TeamQueue[]> {
  if (!actor) return []
  const rows = await database.$queryRaw<Row[]>`
    WITH queued AS (
      SELECT run."teamId", run.status, CASE WHEN run.status = 'QUEUED' THEN extract(epoch FROM now() - COALESCE((
        SELECT at FROM "RunEvent" AS event WHERE event."runId" = run.id AND event.kind = 'STATUS'
        ORDER BY seq DESC LIMIT 1), run."createdAt"))::float8 END AS wait
      FROM "Run" AS run WHERE run.status = 'QUEUED' OR run.status IN ${HELD}
    )
    SELECT "teamId", count(*) FILTER (WHERE status = 'QUEUED')::int AS waiting,
      count(*) FILTER (WHERE status <> 'QUEUED')::int AS running, max(wait) AS "longestWaitSeconds",
      (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM begun."startedAt" - begun."createdAt"))
        FROM "Run" AS begun WHERE begun."teamId" = queued."teamId"
          AND begun."startedAt" > now() - make_interval(hours => ${DAY_HOURS}::int))::float8 AS "medianWaitSeconds"
    FROM queued GROUP BY "teamId" ORDER BY max(wait) DESC NULLS LAST, "teamId"`
  if (await isAdministrator(database, actor)) return rows.map((row) => ({ ...row, teams: 1 }))
  const members = await database.member.findMany({
    where: { userId: actor.userId, ...(actor.kind === 'apiKey' && { teamId: actor.teamId }) },
    select: { teamId: true },
  })
  const own = new Set(members.map(({ teamId }) => teamId))
  const others = rows.filter(({ teamId }) => !own.has(teamId))
  return [
    ...rows.filter(({ teamId }) => own.has(teamId)).map((row) => ({ ...row, teams: 1 })),
    ...(others.length > 0 ? [together(others)] : []),
  ]
}

function together(rows: readonly Row[]): TeamQueue {
  const sum = (of: 'waiting' | 'running') => rows.reduce((total, row) => total + row[of], 0)
  return {
    ...{ teamId: null, teams: rows.length, waiting: sum('waiting'), running: sum('running') },
    // How long somebody else waits tells nothing of whom.
    longestWaitSeconds: rows[0]?.longestWaitSeconds ?? null,
    medianWaitSeconds: null,
  }
}
