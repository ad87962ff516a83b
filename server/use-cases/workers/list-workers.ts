import { WORKER_SILENT_SECONDS } from '../../../contract/devices.ts'
import { HELD_STATUSES } from '../../../contract/run-states.ts'
import type { Database, Run, Worker } from '../../../prisma/client.ts'
import { HELD } from '../../../runs/lease.ts'
import type { Actor } from '../../access/actor.ts'

/** A worker as members of any team may see it. */
export interface ListedWorker extends Worker {
  heartbeatAgeSeconds: number
  silent: boolean
  /** Of whatever team. */
  runsInHand: number
  /** Those of them that are of the actor's teams. */
  runs: Run[]
}

/** Every worker, the newest first. Who is not signed in sees none. */
export async function listWorkers(database: Database, actor: Actor | null): Promise<ListedWorker[]> {
  if (!actor) return []
  const workers = await database.$queryRaw<Omit<ListedWorker, 'silent' | 'runs'>[]>`
    SELECT worker.*,
      EXTRACT(EPOCH FROM now() - worker."heartbeatAt")::float8 AS "heartbeatAgeSeconds",
      (SELECT count(*)::int FROM "Run" AS run
       WHERE run."workerName" = worker.name AND run.status IN ${HELD}) AS "runsInHand"
    FROM "Worker" AS worker ORDER BY worker."startedAt" DESC, worker.name`
  const own = await database.run.findMany({
    where: {
      status: { in: [...HELD_STATUSES] },
      workerName: { in: workers.map(({ name }) => name) },
      teamId: actor.kind === 'apiKey' ? actor.teamId : undefined,
      team: { members: { some: { userId: actor.userId } } },
    },
    orderBy: { startedAt: 'asc' },
  })
  return workers.map((worker) => ({
    ...worker,
    silent: worker.heartbeatAgeSeconds > WORKER_SILENT_SECONDS,
    runs: own.filter(({ workerName }) => workerName === worker.name),
  }))
}
